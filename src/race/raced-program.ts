import type { ExploreOptions } from '../explore/options.js'
import type { Program } from '../explore/program.js'
import type { Questions } from './question.js'

/** How long one is ready to wait: under a minute, under ten, or as long as asked. */
export type Effort = 'quick' | 'default' | 'deep'
export const efforts: readonly Effort[] = ['quick', 'default', 'deep']

/** One exploration of code that ships. */
export interface RacedCase {
  /** Among the cases of its program. */
  readonly name: string
  /** The least effort with which it is explored. */
  readonly effort: Effort
  // biome-ignore lint/suspicious/noExplicitAny: what a thread keeps for itself is the program's own affair.
  readonly program: Program<any>
  readonly questions: Questions
  /** Default: everything is explored, by `dpor`; `stateful` with an invariant. */
  readonly how?: Pick<ExploreOptions, 'strategy' | 'seed' | 'depth' | 'preemptions' | 'budget' | 'nameOfCell'>
}

/** Code that ships, under the explorer. One file in `programs/`, default export; its file name is its name. */
export interface RacedProgram {
  /** What must hold, in a sentence. */
  readonly claim: string
  readonly cases: () => readonly RacedCase[]
}
