/** Colours are those of categories, in variables of their own names; the script gives frames no others. */
const light = `
  --flame-breaker: #9cc3f5; --flame-engine: #cfc4ee; --flame-user: #f7c48a; --flame-node: #a9dbb0;
  --flame-program: #d4d7dc; --flame-gc: #f2a7a4; --flame-idle: #eceef1; --flame-root: #eceef1; --flame-found: #f4e04d;
  --flame-text: #16181d; --flame-dim: #5b6270; --flame-line: #d9dce1; --flame-ground: #ffffff; --flame-edge: #ffffff;`

const dark = `
  --flame-breaker: #1f5a9e; --flame-engine: #5a4a8f; --flame-user: #8f5713; --flame-node: #2b6a38;
  --flame-program: #4b5160; --flame-gc: #92302d; --flame-idle: #2b303a; --flame-root: #2b303a; --flame-found: #857200;
  --flame-text: #eceef2; --flame-dim: #a4abb8; --flame-line: #383e4a; --flame-ground: #14171c; --flame-edge: #14171c;`

export const flameStyle = `
.flame {${light} color: var(--flame-text); background: var(--flame-ground); min-width: 0; margin-block: 2rem }
@media (prefers-color-scheme: dark) { .flame {${dark} } }
.flame h2, .flame h3 { margin: 1.5rem 0 .5rem; line-height: 1.2 }
.flame p { margin: .5rem 0; max-width: 75ch }
.flame small, .flame .flame-dim { color: var(--flame-dim) }
.flame-controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-block: .75rem }
.flame-controls select, .flame-controls input[type=search], .flame-controls button {
  font: inherit; color: inherit; background: var(--flame-ground); border: 1px solid var(--flame-line); border-radius: .35rem;
  padding: .35rem .6rem; max-width: 100% }
.flame-controls input[type=search] { flex: 1 1 12rem; min-width: 0 }
.flame-details { min-height: 3em; font-size: .9rem; overflow-wrap: anywhere; color: var(--flame-dim) }
.flame-chart { overflow: hidden }
.flame-chart svg { display: block }
.flame-chart .d3-flame-graph rect { stroke: var(--flame-edge); stroke-width: 1; fill-opacity: 1 }
.flame-chart .d3-flame-graph rect:hover { stroke: var(--flame-text); stroke-width: 1 }
.flame-chart .d3-flame-graph-label { color: var(--flame-text); font: 12px/1.55 system-ui, sans-serif; margin-inline: 4px }
.flame-wide { overflow-x: auto }
.flame table { border-collapse: collapse; font-size: .9rem; width: 100% }
.flame th, .flame td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--flame-line); white-space: nowrap;
  font-variant-numeric: tabular-nums; font-weight: normal }
.flame thead th { color: var(--flame-dim); vertical-align: bottom }
.flame .flame-name { text-align: left; white-space: normal; overflow-wrap: anywhere; width: 100% }
.flame .flame-name small { display: block }
.flame .flame-start { text-align: left }
.flame-bar { display: flex; min-width: 7rem; width: 22vw; height: 1rem; border-radius: .2rem; overflow: hidden }
.flame-bar span { display: block; height: 100% }
.flame-key { display: inline-block; width: .75em; height: .75em; border-radius: .15em; margin-right: .35em;
  border: 1px solid var(--flame-line) }
${['breaker', 'engine', 'user', 'node', 'program', 'gc', 'idle'].map((name) => `.flame-is-${name} { background: var(--flame-${name}) }`).join('\n')}
@media (max-width: 40rem) {
  .flame th, .flame td { padding-inline: .35rem }
  .flame-bar { min-width: 0; width: 4rem }
  .flame-account { display: none }
}
`

export const pageStyle = `
:root { color-scheme: light dark }
body { margin: 0 auto; padding: 1rem; max-width: 90rem; font: 1rem/1.5 system-ui, sans-serif; color: #16181d; background: #ffffff }
h1 { font-size: 1.5rem; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { body { color: #eceef2; background: #14171c } }
`
