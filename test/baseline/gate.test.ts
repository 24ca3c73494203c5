import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { Comparison } from '../../src/baseline/answer.js'
import { runAgainst } from '../../src/cli/against.js'
import type { ProgressView } from '../../src/cli/progress.js'
import { number } from '../../src/reporting/figures.js'
import { textTable } from '../../src/reporting/grid.js'
import overheadSync from '../../src/scenarios/overhead-sync.js'
import { median } from '../../src/statistics/ranks.js'

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}.js`, import.meta.url))
const kinds = { same: fixture('plain'), slowed: fixture('slowed') }
/** For a look at fewer. */
const COMPARISONS = Number(process.env.BUSBAR_GATE_COMPARISONS ?? 100)
const NOISE_REPEATS = 24
const ROUNDS = 30

const quietly: ProgressView = async (runs) => {
  for (const { carryOut } of runs) {
    await carryOut(
      () => {},
      () => {},
    )
  }
}

interface Tally {
  readonly answers: string[]
  readonly worse: number[]
  readonly tookMs: number[]
}

/** What `busbar run overhead-sync --target … --against … --noise … --requests 30` comes to. */
async function compared(target: string, noise: string, repeat?: number): Promise<Comparison> {
  const plans = [overheadSync.plan({ target, requests: ROUNDS })]
  const { signal } = new AbortController()
  const { comparison } = await runAgainst(
    plans,
    { against: kinds.same, noise, ...(repeat === undefined ? {} : { repeat }) },
    quietly,
    signal,
  )
  return comparison
}

/** The gate against real runs on whatever machine this is. 45 minutes where nobody else wants the processors. */
describe('the regression gate @slow', () => {
  it('cries wolf at most 5 times of 100, and finds a tenth at least 95 times', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'busbar-gate-'))
    const noise = join(folder, 'noise.json')
    const tallies: Record<keyof typeof kinds, Tally> = {
      same: { answers: [], worse: [], tookMs: [] },
      slowed: { answers: [], worse: [], tookMs: [] },
    }
    await compared(kinds.same, noise, NOISE_REPEATS)
    for (let comparison = 1; comparison <= COMPARISONS; comparison += 1) {
      for (const kind of ['same', 'slowed'] as const) {
        const beganMs = Date.now()
        const { answer, compared: found } = await compared(kinds[kind], noise)
        tallies[kind].tookMs.push(Date.now() - beganMs)
        tallies[kind].answers.push(answer)
        tallies[kind].worse.push(found.find(({ gates }) => gates)?.worse?.estimate ?? Number.NaN)
      }
      if (comparison % 5 === 0 || comparison === COMPARISONS) console.log(`\n${table(tallies)}`)
    }
    await rm(folder, { recursive: true })
    const regressed = (kind: keyof typeof kinds) => share(tallies[kind], 'regressed')
    expect(regressed('same')).to.be.at.most(0.05)
    expect(regressed('slowed')).to.be.at.least(0.95)
    // Both sides' runs of one comparison, one after the other: each side has half of it.
    expect(median(tallies.slowed.tookMs) / 2).to.be.at.most(10_000)
  }).timeout(90 * 60_000)
})

const answers = ['regressed', 'improved', 'same', 'inconclusive', 'incomparable']

function share({ answers: given }: Tally, answer: string): number {
  return given.filter((one) => one === answer).length / given.length
}

function table(tallies: Record<keyof typeof kinds, Tally>): string {
  const rows = Object.entries(tallies).map(([kind, tally]) => {
    const counts = answers.map((answer) => number(share(tally, answer) * tally.answers.length))
    const worse = `${number((median(tally.worse) - 1) * 100, 1)} %`
    return [kind, number(tally.answers.length), ...counts, worse, `${number(median(tally.tookMs) / 1000, 1)} s`]
  })
  const all = [['plain against', 'of', ...answers, 'median worse by', 'took'], ...rows]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  return textTable(all, widths, 140)
}
