import type { FailureKind } from '../explore/judging/failure.js'
import type { ExploreOptions } from '../explore/options.js'

/** What can be asked of every execution of a program, by its name in reports; and how the explorer says that it is not so. */
export const checkers = {
  /** Each write of the control word is a transition that a circuit may make. */
  'legal-transitions': ['write'],
  /** Each life of the circuit was begun by one thread. */
  'one-opener': ['check'],
  /** No half-open life let more calls through than it may. */
  'half-open-admission': ['check'],
  /** A result of a life that has passed decided nothing. */
  'stale-results': ['check'],
  /** What was taken was given back; what was counted adds up. */
  conservation: ['check'],
  /** Every update took effect. */
  'no-lost-update': ['check'],
  /** After whatever happened, dead threads included, calls are served again. */
  recovery: ['check'],
  /** What must hold of several words at every moment. */
  invariant: ['invariant'],
  /** The operations took effect one after another, each between its call and its return. */
  linearizability: ['not-linearizable'],
  /** What the code under test itself asserts. */
  assertion: ['threw'],
  /** Nobody waits for somebody who waits for him. */
  deadlock: ['deadlock'],
  /** Nobody waits for a notification that has come already. */
  'lost-wake-up': ['deadlock'],
  /** Nobody goes round for ever. */
  livelock: ['livelock', 'endless'],
} as const satisfies Record<string, readonly FailureKind[]>

export type CheckerName = keyof typeof checkers

/** How it is asked: part of what `explore` is given. Deadlock, livelock and assertions are always looked for: `{}`. */
export type Question = Pick<ExploreOptions<never>, 'check' | 'invariant' | 'onWrite' | 'specification' | 'strategy'>

export type Questions = Readonly<Partial<Record<CheckerName, Question>>>

/** All questions at once. What is wrong begins with the name of who says so. */
export function together(questions: Questions): Question {
  const all = Object.entries(questions) as [CheckerName, Question][]
  const only = <Key extends keyof Question>(key: Key) => all.filter(([, question]) => question[key] !== undefined)
  const checks = only('check')
  const invariants = only('invariant')
  const writes = only('onWrite')
  const [specified] = only('specification')
  return {
    ...(checks.length > 0 ? { check: (...end) => each(checks, (question) => question.check?.(...end)) } : {}),
    ...(invariants.length > 0
      ? { invariant: (cells) => each(invariants, (question) => question.invariant?.(cells)) }
      : {}),
    ...(writes.length > 0 ? { onWrite: (...write) => each(writes, (question) => question.onWrite?.(...write)) } : {}),
    ...(specified ? { specification: specified[1].specification } : {}),
  } as Question
}

function each(questions: readonly [CheckerName, Question][], ask: (question: Question) => void): void {
  for (const [name, question] of questions) {
    try {
      ask(question)
    } catch (error) {
      if (error instanceof Error) error.message = `${name}: ${error.message}`
      throw error
    }
  }
}
