#include "report/html_sections.h"

namespace lastack {

const char* const html_style = R"(
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --shade: #f6f8fa;
  --good: #1a7f37; --bad: #c2182b; --news: #0a5fa8; --open: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --paper: #0e1116; --ink: #e6edf3; --soft: #9aa5b1; --line: #3a424c;
  --shade: #171c23; --good: #4cc36a; --bad: #ff7b86; --news: #6cb6ff; --open: #e3b341; }
  .ladder svg { filter: invert(1) hue-rotate(180deg); } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "DejaVu Sans", Arial, sans-serif; }
a { color: var(--news); }
h1 { font-size: 1.6rem; margin: 1.2rem 0 .4rem; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
code, pre, .ends p { font-family: "DejaVu Sans Mono", ui-monospace, Consolas, monospace; font-size: .86em; }
pre { margin: 0; white-space: pre-wrap; }
:focus-visible { outline: 3px solid var(--news); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem; }
.headline { font-size: 1.25rem; font-weight: 700; margin: .2rem 0 .6rem; }
p.k-true { color: var(--good); } p.k-surprise { color: var(--bad); } p.k-open { color: var(--open); }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; margin: .6rem 0; padding: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.filter { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 .6rem; padding: .3rem .8rem; }
.filter { min-width: 0; } .filter label { margin-right: 1.1rem; display: inline-block; }
.item { border: 1px solid var(--line); border-left: .4rem solid var(--soft); border-radius: 4px; margin: .25rem 0; }
.item > summary { cursor: pointer; padding: .3rem .6rem; }
.item[open] > summary { background: var(--shade); border-bottom: 1px solid var(--line); }
.item > :not(summary) { margin-left: .8rem; margin-right: .8rem; }
.item .verdict { display: inline-block; min-width: 9.5rem; font-weight: 600; }
.item .said { color: var(--soft); }
.k-true { border-left-color: var(--good); } .k-true .verdict { color: var(--good); }
.k-false { border-left-color: var(--news); } .k-false .verdict { color: var(--news); }
.k-surprise { border-left-color: var(--bad); } .k-surprise .verdict { color: var(--bad); }
.k-open { border-left-color: var(--open); } .k-open .verdict { color: var(--open); }
.k-skipped .verdict { color: var(--soft); }
section:has(input.f-true:checked) .item:not(.k-true), section:has(input.f-false:checked) .item:not(.k-false),
section:has(input.f-surprise:checked) .item:not(.k-surprise), section:has(input.f-open:checked) .item:not(.k-open),
section:has(input.f-skipped:checked) .item:not(.k-skipped), .item.missed { display: none; }
.search { margin: 0 0 .5rem; } .search input { font: inherit; padding: .2rem .4rem; width: min(24rem, 100%); }
table { border-collapse: collapse; margin: .5rem 0; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .2rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--shade); position: sticky; top: 0; }
td.n { text-align: right; } td.quiet { color: var(--soft); }
.exchange { width: 100%; min-width: 32rem; table-layout: fixed; } .exchange th:first-child { width: 3.5rem; }
td.failed { border: 2px solid var(--bad); }
.wide { overflow: auto; max-height: 46rem; } .matrix { font-size: .8rem; } .matrix small { color: var(--soft); }
.matrix tbody th { position: sticky; left: 0; background: var(--paper); min-width: 9rem; }
.matrix thead th { z-index: 1; } .matrix thead th:first-child { left: 0; z-index: 2; }
.matrix td div + div { border-top: 1px dotted var(--line); margin-top: .15rem; padding-top: .15rem; }
.matrix td b { color: var(--soft); font-weight: 600; } .matrix td.news { outline: 2px solid var(--open);
  outline-offset: -2px; } .matrix .apart { color: var(--open); font-weight: 700; }
.refuted, .refuted a { color: var(--bad); font-weight: 700; } .left, .left a { color: var(--open); }
section:has(input.f-news:checked) tbody tr:not(.news) { display: none; }
ul.items { list-style: none; padding: 0; } li.item { padding: .2rem .6rem; }
.differences { overflow-x: auto; } .differences pre { white-space: pre; }
.ladder { overflow-x: auto; } .ladder svg { max-width: 100%; height: auto; }
.graph text { font-size: 11px; text-anchor: middle; fill: var(--ink); paint-order: stroke; stroke: var(--paper);
  stroke-width: 3px; } .graph text.name { font-size: 13px; font-weight: 700; stroke: none; }
.graph rect { fill: var(--shade); stroke: var(--ink); } .graph .final rect { stroke-width: 3; }
.graph path { fill: none; stroke: var(--soft); stroke-width: 1.4; }
.graph marker path { fill: var(--soft); stroke: none; }
.graph .driven path { stroke: var(--good); stroke-width: 2; }
.graph .survives path { stroke: var(--bad); stroke-width: 2.6; }
.graph .own path { stroke: var(--open); stroke-width: 2.6; }
.graph .survives rect { stroke: var(--bad); stroke-width: 2.6; } .graph .own rect { stroke: var(--open); }
.graph .never path { stroke-dasharray: 5 4; opacity: .7; }
.graph .arrow:hover path, .graph .arrow:focus path { stroke: var(--news); stroke-width: 3.5; }
.key { border-bottom: 3px solid var(--soft); } .key.driven { border-color: var(--good); }
.key.survives { border-color: var(--bad); } .key.own { border-color: var(--open); }
.key.never { border-bottom-style: dashed; }
button, select { font: inherit; padding: .15rem .5rem; max-width: 100%; background: var(--shade); color: var(--ink);
  border: 1px solid var(--soft); border-radius: 4px; } button:disabled { opacity: .55; }
.controls label { max-width: 100%; min-width: 0; } .item { overflow-x: auto; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; }
.ends { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; }
.ends > div { border: 1px solid var(--line); border-radius: 6px; padding: .2rem .8rem; background: var(--shade); }
#walk-next button { text-align: left; margin: .1rem 0; vertical-align: top; } #walk-next small { color: var(--soft); }
#walk-next .planned { border: 2px solid var(--news); }
html:not(.scripted) .js, [hidden] { display: none !important; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { nav, .filter, #explorer { display: none; } }
)";

}  // namespace lastack
