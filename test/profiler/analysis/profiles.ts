import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProfiles } from '../../../src/profiler/analysis/read-profiles.js'
import type {
  AllocationNode,
  AllocationThreadProfile,
  CallFrame,
  CpuThreadProfile,
  ThreadProfile,
} from '../../../src/profiler/analysis/thread-profile.js'

/** Where the Busbar of made-up profiles lies. */
export const home = 'file:///somewhere/else/dist/'
export const coordinator = call('carryOut', `${home}src/stress/coordinator.js`, 46)
export const idle = call('(idle)')

/** A function as V8 tells it; `line` from 1, as people count. */
export function call(functionName: string, url = '', line = 0): CallFrame {
  return { functionName, url, lineNumber: line - 1, columnNumber: line === 0 ? -1 : 4 }
}

/** A CPU profile of as many samples of each stack as are said, one a millisecond, the outermost caller first. */
export function cpuProfile(
  thread: string,
  stacks: readonly (readonly [samples: number, stack: readonly CallFrame[]])[],
  startTime = 1000,
): CpuThreadProfile & { samples: number[]; timeDeltas: number[] } {
  const nodes: CpuThreadProfile['nodes'] = [{ id: 1, callFrame: call('(root)'), children: [] }]
  const samples: number[] = []
  for (const [count, stack] of stacks) {
    let id = 1
    for (const frame of stack) id = childOf(nodes, id, frame)
    for (let i = 0; i < count; i++) samples.push(id)
  }
  const endTime = startTime + 1000 * samples.length
  return { kind: 'cpu', thread, nodes, startTime, endTime, samples, timeDeltas: samples.map((_, i) => i && 1000) }
}

function childOf(nodes: CpuThreadProfile['nodes'], parentId: number, frame: CallFrame): number {
  const parent = nodes.find(({ id }) => id === parentId)
  const known = nodes.find(({ id, callFrame }) => callFrame === frame && parent?.children?.includes(id))
  if (known) return known.id
  const id = nodes.length + 1
  nodes.push({ id, callFrame: frame, children: [] })
  parent?.children?.push(id)
  return id
}

export function allocationProfile(thread: string, head: AllocationNode): AllocationThreadProfile {
  return { kind: 'allocation', thread, head }
}

export function allocations(callFrame: CallFrame, selfSize: number, ...children: AllocationNode[]): AllocationNode {
  return { callFrame, selfSize, children }
}

/** What node:inspector takes of this thread while `work` runs, written to a file and read again. */
export async function taken(kind: ThreadProfile['kind'], work: () => unknown): Promise<ThreadProfile> {
  const session = new Session()
  session.connect()
  const folder = await mkdtemp(join(tmpdir(), 'busbar-analysis-'))
  try {
    const content = await (kind === 'cpu' ? cpuTaken : allocationsTaken)(session, work)
    const file = join(folder, `scenario.target.run.worker-0.${kind === 'cpu' ? 'cpuprofile' : 'heapprofile'}`)
    await writeFile(file, JSON.stringify(content))
    const [profile] = await readProfiles([file])
    if (!profile) throw new Error('nothing was read')
    return profile
  } finally {
    session.disconnect()
    await rm(folder, { recursive: true })
  }
}

async function cpuTaken(session: Session, work: () => unknown): Promise<object> {
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  work()
  return (await session.post('Profiler.stop')).profile
}

async function allocationsTaken(session: Session, work: () => unknown): Promise<object> {
  await session.post('HeapProfiler.startSampling', { samplingInterval: 16_384 })
  const held = work()
  const { profile } = await session.post('HeapProfiler.stopSampling')
  if (held === undefined) throw new Error('what was allocated must be held')
  return profile
}
