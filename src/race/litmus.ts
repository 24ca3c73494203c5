import type { Program } from '../explore/program.js'
import type { Specification } from '../history/specification.js'

/**
 * A small program whose outcomes tell how memory behaves. Every interleaving gives the outcomes that there may be; real threads must
 * give no others. One file in `litmus/`, default export; its file name is its name.
 */
export interface Litmus {
  /** What is asked, in a sentence. */
  readonly question: string
  /** Where the test is from. */
  readonly from: string
  readonly program: Program
  /**
   * So often in a row real threads run their bodies on one memory; default once. They then overlap also where threads seldom run at the
   * same time, as on a busy machine. A body must leave the memory as it found it, and return the same each time.
   */
  readonly repeats?: number
  /** What its marked operations must look like, one after another. */
  // biome-ignore lint/suspicious/noExplicitAny: states, actions and results are the specification's own affair.
  readonly specification?: Specification<any, any, any>
}

/** How an outcome is judged: what threads give one after another, what only an interleaving gives, and what none does. */
export type Grade = 'acceptable' | 'interesting' | 'forbidden'
