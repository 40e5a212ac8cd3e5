" Colours for the specs of lastack.
if exists('b:current_syntax')
  finish
endif

syntax match lastackComment /#.*$/ contains=@Spell
syntax region lastackText start=/"/ skip=/\\./ end=/"\|$/ contains=@Spell
syntax match lastackNumber /\<\d\+\(\.\d\+\)\?\(\s*\(us\|ms\|s\|min\)\>\)\?/
syntax match lastackState /\<[A-Z][A-Z0-9_]\+\>/
syntax match lastackOperator /:=\|+=\|-=\|->\|==\|!=\|<=\|>=\|\.\./

syntax keyword lastackDeclaration use profile extends system systems claim claims predicate expect states stream blocked limit setting
syntax keyword lastackDeclaration offers timer var kept history let segment effect replace drop on call step before after rule
syntax keyword lastackDeclaration may ends starts network cites assuming protocol field
syntax keyword lastackClaim invariant reachable recoverable leads eventually always acyclic fair weak strong timers
syntax keyword lastackClaim delivery holds violated vacuous shortest refuted
syntax keyword lastackEffect set clear send with start stop all signal returns if then else
syntax keyword lastackWord and or not implies in any but each some next for from to at exactly most least while doubling by driven
syntax keyword lastackWord min max within
syntax keyword lastackLeaf quiet flight lost doubled runs running calls expires fires gets sends signals is
syntax keyword lastackModifier initial final forgets flag sack timestamps window_scale loses duplicates reorders delay
syntax keyword lastackField seg state seq ack len fin syn rst zero_window era A B
syntax keyword lastackConstant true false one

highlight default link lastackComment Comment
highlight default link lastackText String
highlight default link lastackNumber Number
highlight default link lastackState Constant
highlight default link lastackOperator Operator
highlight default link lastackDeclaration Keyword
highlight default link lastackClaim Statement
highlight default link lastackEffect Statement
highlight default link lastackWord Conditional
highlight default link lastackLeaf Function
highlight default link lastackModifier StorageClass
highlight default link lastackField Identifier
highlight default link lastackConstant Boolean

let b:current_syntax = 'lastack'
