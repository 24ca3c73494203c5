import { z } from 'zod'

/**
 * Resources used up for real, case by case, each in a process of its own: what a plan says of it, and what a run found.
 * How each case is done is in `exhaustion/`.
 */
export const caseNames = [
  'worker-heap',
  'process-heap',
  'file-descriptors',
  'sockets',
  'event-loop',
  'cpu',
  'disk',
  'worker-killed',
] as const
export type CaseName = (typeof caseNames)[number]

export const caseNameSchema = z.enum(caseNames)

/** Each case has stages of its own in the plan, one after another, and each runs in a process of its own. */
export const exhaustionSchema = z.strictObject({ cases: z.array(caseNameSchema).min(1).max(caseNames.length) })

/** Marks that are of no other plan. */
export const exhaustionMarks = {
  /** Calls started, over all cases. */
  callsMin: z.number().int().positive().optional(),
  /** Descriptors that the process of any case had open at once, for its calls and for itself. */
  descriptorsMax: z.number().int().positive().optional(),
  /** Of the calls let through, over all cases and stages. */
  latencyMsMeanMax: z.number().positive().optional(),
  /** Where more than this share of a case's calls fail, some must be refused. */
  refusedFromErrorRate: z.number().min(0).max(1).optional(),
  /** What the median refusal of each case may take while its resource is used up. */
  refusalLatencyMsP50Max: z.number().positive().optional(),
}

/** What a case is, in words, and by which signs it is known that the resource was really used up. */
export interface CaseFacts {
  readonly what: string
  /** Any of these, seen once, proves it. */
  readonly signs: readonly string[]
  /** The whole process goes, and the circuit with it: there is nobody left to open, refuse or recover. */
  readonly endsProcess?: true
  /** Workers die of it, again and again, beyond those that the plan has killed. */
  readonly killsWorkers?: true
}

export const caseFacts: Readonly<Record<CaseName, CaseFacts>> = {
  'worker-heap': {
    what: 'heaps of worker threads, those that calls hand tasks to and one that calls itself',
    signs: ['ERR_WORKER_OUT_OF_MEMORY'],
    killsWorkers: true,
  },
  'process-heap': { what: 'the heap of the process, by a Map that grows', signs: ['out of memory'], endsProcess: true },
  'file-descriptors': { what: 'file descriptors of the process', signs: ['EMFILE', 'ENFILE'] },
  sockets: { what: 'local ports of a range', signs: ['EADDRINUSE', 'EADDRNOTAVAIL'] },
  'event-loop': { what: 'the event loop of each worker, by computing', signs: ['late timer'] },
  cpu: { what: 'processors, by other processes that compute', signs: ['starved'] },
  disk: { what: 'room on the device that calls write to', signs: ['ENOSPC'] },
  'worker-killed': { what: 'workers, terminated while their backend is down', signs: ['terminated'] },
}

/** What a run found of each case, in the plan's order. */
export interface ExhaustionEvidence {
  readonly cases: readonly CaseEvidence[]
}

export interface CaseEvidence {
  readonly case: CaseName
  /** Why it was not run, in words; nothing else is told then. */
  readonly skipped?: string
  readonly process?: ProcessEvidence
  /** How often each sign was seen of a resource that is used up: codes of errors that the system gave, or words. */
  readonly signs: Readonly<Record<string, number>>
  /** Absent where the system doesn't tell. */
  readonly descriptors?: DescriptorEvidence
  readonly left?: LeftBehind
}

/** How the process of a case ended. */
export interface ProcessEvidence {
  /**
   * `reported`: told its evidence. `failed`: told that it could not carry the plan out. `ended`: without a word.
   * `silent`: took longer than it may, and was killed.
   */
  readonly end: 'reported' | 'failed' | 'ended' | 'silent'
  readonly exitCode?: number
  readonly signal?: string
  /** Whether it ended without being killed: nothing kept it alive once it had reported. */
  readonly endedByItself: boolean
  /** What it said last, of one that didn't report. */
  readonly lastWords?: string
}

export interface DescriptorEvidence {
  /** The most that were seen open at once, without those that the case took to use them up. */
  readonly peak: number
  /** The most that the process could have; absent if there is no limit. */
  readonly limit?: number
}

/** What there was more of in the process when all had ended than before it began. */
export interface LeftBehind {
  /** In the folder that the calls write to. */
  readonly files: number
  /** Absent where the system doesn't tell. */
  readonly descriptors?: number
  readonly threads?: number
  /** By Node's name of their type. */
  readonly handles: Readonly<Record<string, number>>
}

/** The parts of a plan that must agree. */
interface PlanParts {
  readonly exhaustion?: { readonly cases: readonly CaseName[] } | undefined
  readonly downstream: { readonly kind: string }
  readonly stages: readonly { readonly case?: CaseName | undefined }[]
}

/** Where a plan contradicts itself about exhaustion: each field, its value and what is allowed. */
export function exhaustionFaults({ exhaustion, downstream, stages }: PlanParts) {
  const faults: { path: (string | number)[]; input: unknown; message: string }[] = []
  if ((downstream.kind === 'resources') !== (exhaustion !== undefined)) {
    const message = `"resources" goes with exhaustion, and exhaustion with it`
    faults.push({ path: ['downstream', 'kind'], input: downstream.kind, message })
  }
  const { cases = [] } = exhaustion ?? {}
  for (const [index, stage] of stages.entries()) {
    if (stage.case === undefined ? exhaustion === undefined : cases.includes(stage.case)) continue
    const message = exhaustion ? `a stage belongs to a case of the plan: ${cases.join(', ')}` : 'there is no exhaustion'
    faults.push({ path: ['stages', index, 'case'], input: stage.case, message })
  }
  for (const [index, name] of cases.entries()) {
    const isTwice = cases.indexOf(name) !== index
    if (!isTwice && stages.some((stage) => stage.case === name)) continue
    const message = isTwice ? 'each case once' : 'a case has stages'
    faults.push({ path: ['exhaustion', 'cases', index], input: name, message })
  }
  return faults
}
