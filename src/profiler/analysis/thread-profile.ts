import { z } from 'zod'

/**
 * What V8's two sampling profilers write, as far as it is read here. Lines and columns count from 0, -1 where there is
 * none; times are microseconds of a clock that all threads of the process share; sizes are bytes.
 */
const callFrame = z.object({
  functionName: z.string(),
  url: z.string(),
  lineNumber: z.number(),
  columnNumber: z.number(),
})

/** An hour of samples: looked at number by number in one go, and not copied. */
const numbers = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'number'),
  'is not a list of numbers',
)

export type CallFrame = z.infer<typeof callFrame>

export const cpuProfileSchema = z
  .object({
    nodes: z.array(z.object({ id: z.number(), callFrame, children: z.array(z.number()).optional() })).min(1),
    startTime: z.number(),
    endTime: z.number(),
    samples: numbers,
    timeDeltas: numbers,
  })
  .refine(({ samples, timeDeltas }) => samples.length === timeDeltas.length, {
    path: ['timeDeltas'],
    message: 'has another length than samples',
  })

const allocationNode = z.object({
  callFrame,
  selfSize: z.number(),
  /** Absent from what some profilers write; then it is not known how many samples there were. */
  id: z.number().optional(),
  get children() {
    return z.array(allocationNode)
  },
})

export type AllocationNode = z.infer<typeof allocationNode>

export const allocationProfileSchema = z.object({
  head: allocationNode,
  samples: z.array(z.object({ nodeId: z.number(), size: z.number() })).optional(),
})

/** A `.cpuprofile` and the thread that it was taken of: where its time went. */
export interface CpuThreadProfile extends z.infer<typeof cpuProfileSchema> {
  readonly kind: 'cpu'
  readonly thread: string
}

/** A `.heapprofile` and its thread: who allocated what was still alive at the end. */
export interface AllocationThreadProfile extends z.infer<typeof allocationProfileSchema> {
  readonly kind: 'allocation'
  readonly thread: string
}

export type ThreadProfile = CpuThreadProfile | AllocationThreadProfile

export type ProfileKind = ThreadProfile['kind']
