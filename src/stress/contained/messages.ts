import type { Progress } from '../../engine.js'
import type { ErrorRecord, Evidence } from '../../evidence.js'
import type { Plan } from '../../plan.js'

/** What is said to the process of a case. */
export type ToCase = { readonly kind: 'run'; readonly plan: Plan } | { readonly kind: 'stop' }

/** What it says; `evidence` or `failed` is the last. */
export type FromCase =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  | { readonly kind: 'failed'; readonly error: ErrorRecord }
