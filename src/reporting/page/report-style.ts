/** Colours by what they mean; the charts read them from here, too. */
const light = `
  --text: #16181d; --dim: #565d6b; --ground: #ffffff; --card: #f6f7f9; --border: #d9dce1; --grid: #e4e7ec; --link: #0b5cad;
  --valid: #1a7f37; --invalid: #c4232b; --unknown: #8a5a00; --valid-ground: #e3f5e7; --invalid-ground: #fde8e8; --unknown-ground: #fdf1d8;
  --line-0: #0b62b5; --line-1: #c8420b; --line-2: #0a7d5a; --line-3: #a13d86; --line-4: #9a6b00; --line-5: #2b8fb8; --line-6: #6446a8; --line-7: #5f6673;
  --state-closed: #a5dbb1; --state-open: #f0918d; --state-half-open: #f3c64c; --state-forced-open: #c65a62; --state-disabled: #c3c8d1;
  --state-metrics-only: #a9c4e8; --state-changing: #c9a6e4; --state-text: #16181d;
  --stage-warm-up: #f3f4f6; --stage-reference: #eef1f8; --stage-rest: #f7f7f7; --stage-steady: #eef6fc; --stage-outage: #fdeeee;
  --stage-recovery: #ecf8ef; --stage-drain: #f5f2fa;`

const dark = `
  --text: #eceef2; --dim: #a4abb8; --ground: #14171c; --card: #1c2027; --border: #383e4a; --grid: #2a2f39; --link: #7db7f0;
  --valid: #6fd48a; --invalid: #ff8f8a; --unknown: #eebb5a; --valid-ground: #14301c; --invalid-ground: #3d1b1d; --unknown-ground: #3a2d10;
  --line-0: #5aaef5; --line-1: #ff9259; --line-2: #3fd0a1; --line-3: #ea94d1; --line-4: #ecc04f; --line-5: #86d3ee; --line-6: #b7a0f2; --line-7: #b3bac6;
  --state-closed: #2c6b3c; --state-open: #9c3330; --state-half-open: #8a6a08; --state-forced-open: #6d1f27; --state-disabled: #4b5160;
  --state-metrics-only: #2f5485; --state-changing: #64418a; --state-text: #f4f5f7;
  --stage-warm-up: #1a1d23; --stage-reference: #1a1e29; --stage-rest: #16191e; --stage-steady: #16212c; --stage-outage: #2a191b;
  --stage-recovery: #16251b; --stage-drain: #1e1a27;`

const states = ['closed', 'open', 'half-open', 'forced-open', 'disabled', 'metrics-only', 'changing']

export const reportStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground) }
main { margin: 0 auto; padding: 1rem; max-width: 75rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.3; margin: .5rem 0 1rem }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 .25rem; padding-top: 1rem; border-top: 2px solid var(--border) }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem }
p { margin: .4rem 0 }
a { color: var(--link) }
.dim, small { color: var(--dim) }
.mark { display: inline-block; padding: 0 .55em; border-radius: .4em; font-size: .85em; white-space: nowrap }
.mark.is-valid { color: var(--valid); background: var(--valid-ground) }
.mark.is-invalid { color: var(--invalid); background: var(--invalid-ground) }
.mark.is-unknown { color: var(--unknown); background: var(--unknown-ground) }
.jump { display: inline-block; padding: .5rem .9rem; border-radius: .4rem; border: 1px solid var(--invalid); color: var(--invalid);
  text-decoration: none; font-weight: 600 }
.jump:hover, .jump:focus-visible { background: var(--invalid-ground) }
.verdicts { list-style: none; margin: 0; padding: 0 }
.verdicts > li { margin: .4rem 0; padding: .3rem .8rem; border-left: 4px solid var(--border); background: var(--card); border-radius: 0 .4rem .4rem 0 }
.verdicts > .is-valid { border-color: var(--valid) } .verdicts > .is-valid > b { color: var(--valid) }
.verdicts > .is-invalid { border-color: var(--invalid) } .verdicts > .is-invalid > b { color: var(--invalid) }
.verdicts > .is-unknown { border-color: var(--unknown) } .verdicts > .is-unknown > b { color: var(--unknown) }
.verdicts p { margin: .1rem 0 } .verdicts .dim { font-size: .9rem }
.verdicts > :target { outline: 2px solid var(--invalid) }
.findings { margin: .25rem 0; padding-left: 1.2rem; font-size: .9rem }
details { margin: .4rem 0 } summary { cursor: pointer; color: var(--dim) }
.wide { overflow-x: auto; margin: .75rem 0 }
table { border-collapse: collapse; font-size: .9rem; min-width: 60% }
caption { text-align: left; color: var(--dim); padding-bottom: .25rem }
th, td { text-align: right; padding: .3rem .7rem; border-bottom: 1px solid var(--border); white-space: nowrap; font-variant-numeric: tabular-nums }
th { font-weight: normal; color: var(--dim); vertical-align: bottom }
.start { text-align: left }
th:first-child, td:first-child { padding-left: 0 }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; margin: .5rem 0; font-size: .95rem }
dt { color: var(--dim) } dd { margin: 0; white-space: pre-line }
pre { margin: .5rem 0; padding: .7rem .9rem; background: var(--card); border: 1px solid var(--border); border-radius: .4rem; overflow-x: auto;
  font: .85rem/1.5 ui-monospace, monospace; overflow-wrap: normal }
.command { user-select: all }
.chart { margin: 1rem 0 2rem; min-width: 0 }
.chart-units { display: flex; justify-content: space-between; font-size: .8rem; color: var(--dim) }
.chart-place { overflow: hidden; min-height: 15rem }
.chart-reading { font-size: .85rem; min-height: 1.5em }
.chart-key { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .85rem }
.chart-key i { display: inline-block; width: 1em; height: .75em; margin-right: .4em; border-radius: .15em }
${states.map((state) => `.chart-key .state-${state} { background: var(--state-${state}) }`).join('\n')}
.u-legend { font-size: .85rem; text-align: left; margin: .25rem 0 } .u-legend th { color: var(--text) }
.u-legend th, .u-legend td { border: 0; font-weight: normal }
.u-legend .u-series > * { padding: 2px 4px } .u-inline tr { margin-right: .8rem }
.u-select { background: color-mix(in srgb, var(--text) 12%, transparent) }
@media (max-width: 40rem) {
  main { padding: .75rem } th, td { padding-inline: .45rem } dl { grid-template-columns: minmax(0, 1fr) } dd { margin-bottom: .4rem }
}
@media print { .chart-reading, .jump { display: none } }
`
