import { allMeasures } from './catalog.js'
import { quick, thorough } from './measure.js'

/** The process of one measure: its name comes as the first argument, its rows go to the parent as one message. */
const [name, effort] = process.argv.slice(2)
const measure = (await allMeasures()).find((each) => each.name === name)
if (!measure) throw new Error(`there is no measure "${name}"`)
const rows = await measure.run(effort === 'quick' ? quick : thorough)
// Peers leave timers behind that would keep the process alive.
process.send?.(rows, () => process.exit(0))
