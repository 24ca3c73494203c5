import { join } from 'node:path'
import { cpuUsage, cwd } from 'node:process'
import { pathToFileURL } from 'node:url'
import type * as exploring from '../../src/race/exploring.js'
import type * as plugIns from '../../src/race/plug-ins.js'
import type * as crews from '../../src/race/threads/crew.js'
import type * as hammers from '../../src/race/threads/hammer.js'

/**
 * Runs explored programs of a copy of the project, the working folder, in which one line was changed, until one of them finds
 * something. Exit code 1: found; 0: nothing was. An error is a find as well.
 */
const [programs = '', also = ''] = process.argv.slice(2)
/** A case that takes longer is left to those who run the suite itself. On the processor's clock, so that a busy machine sees as much. */
const CASE_MS = 2_500
/** As long as the suite gives a litmus test, on each of two cores. */
const LITMUS_MS = 600
/** By the clock, so longer than elsewhere: what is only slow on a busy machine must not be taken for a find. */
const HANG_MS = 30_000
const processorClock = {
  nowMs() {
    const { user, system } = cpuUsage()
    return (user + system) / 1_000
  },
}

async function load<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(join(cwd(), path)).href)) as Module
}

const { findRace, raceNames } = await load<typeof plugIns>('src/race/plug-ins.js')
const { Crew } = await load<typeof crews>('src/race/threads/crew.js')
const { hammer } = await load<typeof hammers>('src/race/threads/hammer.js')
const { casesFor, exploreCase } = await load<typeof exploring>('src/race/exploring.js')

for (const program of programs.split(',').filter((name) => name !== '')) {
  const raced = await findRace('programs', program)
  for (const index of casesFor(raced, 'quick')) {
    const one = raced.cases()[index]
    if (!one) continue
    const budget = { timeMs: CASE_MS, simplerMs: 0, hangMs: HANG_MS }
    const { exploration } = exploreCase(program, index, one, budget, processorClock)
    found(`programs/${program}/${index}`, exploration.failure?.kind)
  }
}

if (also !== 'threads') process.exit(0)
const crew = new Crew(4, new AbortController().signal)
for (const name of await raceNames('litmus')) {
  const target = `litmus/${name}`
  const possible = await crew.run({ kind: 'outcomes', target, timeMs: 10_000 }, 30_000)
  const { outcomes, notLinearizable } = await hammer(crew, target, { timeMs: LITMUS_MS }, processorClock)
  const forbidden = [...outcomes.keys()].find((outcome) => !possible.all.includes(outcome))
  found(target, forbidden ?? (notLinearizable && 'not-linearizable'))
}
process.exit(0)

function found(where: string, what: string | undefined): void {
  if (what === undefined) return
  process.stdout.write(`${where}: ${what}`)
  process.exit(1)
}
