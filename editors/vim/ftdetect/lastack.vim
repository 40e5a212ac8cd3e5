" RPM has files of the same ending: a spec of lastack declares a profile, a system or a claim, or uses what does.
autocmd BufNewFile,BufRead *.spec
    \ if getline(1, 200) =~# '^\(profile\|system\|claim\|use\|predicate\)\>' | setlocal filetype=lastack | endif
