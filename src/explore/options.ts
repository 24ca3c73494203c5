import type { Specification } from '../history/specification.js'
import type { Cells } from '../memory/cells.js'
import { ExploreError } from './errors.js'
import { MOST_VARIANTS } from './machine/choice.js'
import type { Program, ThreadWorld } from './program.js'

export type StrategyName = 'dpor' | 'stateful' | 'preemption-bounded' | 'pct' | 'random' | 'replay'

/** Where an exploration stops though it could go on. Then its verdict is `unknown`, unless it has found a failure. */
export interface ExploreBudget {
  /** Default 60,000. */
  readonly timeMs?: number
  /** Complete executions. Default: 1,000 for `pct` and `random`, else no limit. */
  readonly executions?: number
  /** States to keep, for `stateful` and `preemption-bounded`. Default 20,000,000. */
  readonly states?: number
  /** Operations of one thread, after which it is taken for one that never ends. Default 10,000. */
  readonly operations?: number
  /** How long the user's code may run on without an operation. Default 10,000. */
  readonly hangMs?: number
  /** How long an execution with the same failure and fewer preemptions is looked for. Default 2,000; 0: not at all. */
  readonly simplerMs?: number
}

export interface ExploreOptions<Local = ThreadWorld> extends Program<Local> {
  /** Default: `dpor`; with an `invariant`, `stateful`. */
  readonly strategy?: StrategyName
  /**
   * Throws if something is wrong at any moment. It is asked after every step that is explored: with `stateful` that is every moment
   * of every interleaving; with `dpor` it is not, as independent steps are made in one order only. It looks: a write throws.
   */
  readonly invariant?: (cells: Cells) => void
  /** Throws if something is wrong at the end of an execution. It looks: a write throws. What the bodies returned comes with it: undefined of one that died. */
  readonly check?: (cells: Cells, returned: readonly unknown[]) => void
  /** Throws if a write is wrong: a transition of a control word that is not legal. Asked of every write of every cell. */
  readonly onWrite?: (cell: number, before: number, after: number, thread: number) => void
  /** What the operations marked by `call` must look like, one after another. */
  // biome-ignore lint/suspicious/noExplicitAny: states, actions and results are the specification's own affair.
  readonly specification?: Specification<any, any, any>
  readonly budget?: ExploreBudget
  /** For `pct` and `random`. Default 1. */
  readonly seed?: number
  /** For `pct`: how many ordering constraints a fault may need. Default 3. */
  readonly depth?: number
  /** For `preemption-bounded`: the most preemptions to try. Default: as many as there are. */
  readonly preemptions?: number
  /** For `replay`: what a failure gave. */
  readonly schedule?: string
  /** What a cell is called in the table of a failure. Default: its index. */
  readonly nameOfCell?: (cell: number) => string
}

const strategies: readonly StrategyName[] = ['dpor', 'stateful', 'preemption-bounded', 'pct', 'random', 'replay']

/** Throws an `ExploreError` that names the field, its value, and what is allowed. */
export function checkOptions(options: ExploreOptions<unknown>): void {
  const { threads, initial, clock, random, strategy, onDeath, deaths = 0, budget = {} } = options
  within('cells', options.cells, 0, 2 ** 20)
  if (!Array.isArray(threads) || threads.length < 1 || threads.length > 12 || !threads.every(isFunction)) {
    wrong('threads', Array.isArray(threads) ? `an array of ${threads.length}` : threads, '1 to 12 functions')
  }
  if (initial && initial.length > options.cells)
    wrong('initial', `${initial.length} values`, 'at most one for each cell')
  for (const [at, value] of (initial ?? []).entries()) within(`initial[${at}]`, value, -(2 ** 31), 2 ** 31 - 1)
  within('deaths', deaths, 0, threads.length)
  if (onDeath && deaths !== 1) wrong('deaths', deaths, '1 with onDeath')
  for (const [at, tick] of (clock?.ticksMs ?? []).entries()) within(`clock.ticksMs[${at}]`, tick, 1, 2 ** 30)
  if (random && (random.length < 1 || random.length > MOST_VARIANTS)) {
    wrong('random', `${random.length} values`, `1 to ${MOST_VARIANTS}`)
  }
  if (strategy !== undefined && !strategies.includes(strategy)) wrong('strategy', strategy, strategies.join(', '))
  if (strategy === 'replay' && options.schedule === undefined)
    wrong('schedule', undefined, 'the text that a failure gave')
  within('seed', options.seed ?? 1, -(2 ** 31), 2 ** 31 - 1)
  within('depth', options.depth ?? 3, 1, 100)
  within('preemptions', options.preemptions ?? 0, 0, 2 ** 31 - 1)
  within('budget.timeMs', budget.timeMs ?? 1, 1, 2 ** 31 - 1)
  within('budget.executions', budget.executions ?? 1, 1, Number.MAX_SAFE_INTEGER)
  within('budget.states', budget.states ?? 1, 1, 100_000_000)
  within('budget.operations', budget.operations ?? 1, 1, 10_000_000)
  within('budget.hangMs', budget.hangMs ?? 1, 1, 2 ** 31 - 1)
  within('budget.simplerMs', budget.simplerMs ?? 0, 0, 2 ** 31 - 1)
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function within(field: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  wrong(field, value, `a whole number from ${least} to ${most}`)
}

function wrong(field: string, value: unknown, allowed: string): never {
  throw new ExploreError('ERR_EXPLORE_OPTION', `${field} is ${String(value)}; allowed: ${allowed}`)
}
