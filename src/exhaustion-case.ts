import type { ResourceLimits } from 'node:worker_threads'

/**
 * How a resource is used up, in a process that is there for nothing else. One file in `exhaustion/cases/`; its file name is the
 * case's name. What it is, and by which signs it is known, is told in `exhaustion.ts`, which checkers and reports read.
 */
export interface ExhaustionCase {
  /** What this system lacks for it, in words; undefined where nothing does. */
  missing(): string | undefined
  /** What a shell does in the process before it becomes Node: limits of the system. */
  readonly limits?: string
  /** Node's own options. */
  readonly nodeOptions?: readonly string[]
  /** What the heap of each load worker may hold. */
  readonly workerHeap?: ResourceLimits
  /** In the coordinator's thread: whoever uses the resource up. */
  open(options: HolderOptions): Promise<Holder>
  /** In a load worker: what each call does. */
  operation(place: Place): Operation
}

export interface HolderOptions {
  /** Calls in flight at once, over all workers. */
  readonly inFlight: number
}

/** Uses a resource up from within the process, and gives it back. */
export interface Holder {
  /** Ports of loopback that the operations need to know. */
  readonly ports?: readonly number[]
  /** Descriptors that it holds now. */
  readonly descriptors?: number
  /** Called every 10 ms while the resource is to be used up: what was given back meanwhile is taken again. */
  hold(): void
  release(): void
  close(): Promise<void>
}

/** Where an operation works. */
export interface Place {
  /** Files are made here, and nowhere else. */
  readonly folder: string
  readonly ports: readonly number[]
  /** Which of the concurrent workers it is; a successor keeps the number of a dead one. */
  readonly slot: number
  /** A call that takes longer is a timeout. */
  readonly timeoutMs: number
  /** Notes that the resource was seen used up; an error that a call ends with is noted by its code anyway. */
  readonly sign: (name: string) => void
}

/** What calls do. */
export interface Operation {
  /** `isExhausted`: the plan wants the resource used up now. Rejects with what the system said. */
  run(isExhausted: boolean): Promise<void>
  close(): Promise<void>
}

/** For a case that only its operations use up. */
export const nobody: Holder = { hold() {}, release() {}, async close() {} }
