import { explore } from '../explore/explore.js'
import { type Detection, detect } from './detection.js'
import { type Explored, exploreCase } from './exploring.js'
import { findRace } from './plug-ins.js'
import { racedBy } from './target-name.js'
import { type HammerAnswer, type HammerTask, runHammer } from './threads/hammer-thread.js'

export interface DetectTask {
  readonly kind: 'detect'
  readonly target: string
  readonly timeMs: number
}

export interface ExploreTask {
  readonly kind: 'explore'
  readonly program: string
  /** Which of its cases. */
  readonly index: number
  readonly timeMs: number
}

/** Which outcomes there may be: all that interleavings give, and of these what threads give one after another. */
export interface OutcomesTask {
  readonly kind: 'outcomes'
  readonly target: string
  readonly timeMs: number
}

export interface PossibleOutcomes {
  readonly all: readonly string[]
  readonly serial: readonly string[]
  readonly exhausted: boolean
}

export type RaceTask = DetectTask | ExploreTask | OutcomesTask | HammerTask

export interface RaceAnswers {
  detect: readonly Detection[]
  explore: Explored
  outcomes: PossibleOutcomes
  hammer: HammerAnswer
}

/** What a worker thread of `busbar race` does. */
export async function runRaceTask(task: RaceTask): Promise<RaceAnswers[keyof RaceAnswers]> {
  switch (task.kind) {
    case 'detect':
      return detect(task.target, await findRace('broken', task.target), { timeMs: task.timeMs })
    case 'explore': {
      const one = (await findRace('programs', task.program)).cases()[task.index]
      if (!one) throw new Error(`programs/${task.program} has no case ${task.index}`)
      return exploreCase(task.program, task.index, one, { timeMs: task.timeMs })
    }
    case 'outcomes':
      return outcomesOf(task)
    case 'hammer':
      return runHammer(task)
  }
}

async function outcomesOf({ target, timeMs }: OutcomesTask): Promise<PossibleOutcomes> {
  const raced = await racedBy(target)
  const budget = { timeMs }
  const all = explore({ ...raced, budget })
  const serial = explore({ ...raced, strategy: 'preemption-bounded', preemptions: 0, budget })
  if (all.failure) throw new Error(`${target}: ${all.failure.reason}`)
  return { all: [...all.outcomes.keys()], serial: [...serial.outcomes.keys()], exhausted: all.exhausted }
}
