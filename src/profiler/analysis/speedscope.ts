import { FrameTable } from './call-tree.js'
import { type Frame, homeOf } from './places.js'
import type { AllocationNode, AllocationThreadProfile, CpuThreadProfile, ThreadProfile } from './thread-profile.js'
import { timeline } from './timeline.js'

const samplesPerChunk = 1000

interface Sampled {
  readonly stack: readonly number[]
  weight: number
}

/**
 * One file for speedscope with a profile for each thread, in its own format, piece by piece: together they may be longer
 * than the longest string that V8 makes. All threads of a run share a clock, so each begins where it began in the run.
 * Samples of one stack in a row become one with their weights added, which loses nothing that speedscope shows.
 */
export function* speedscopeJson(profiles: readonly ThreadProfile[], name: string): Generator<string> {
  const table = new Frames(new FrameTable(homeOf(profiles)))
  const origin = Math.min(...profiles.map((profile) => (profile.kind === 'cpu' ? profile.startTime : 0)))
  const head = { $schema: 'https://www.speedscope.app/file-format-schema.json', exporter: 'busbar', name }
  yield `${JSON.stringify({ ...head, activeProfileIndex: 0 }).slice(0, -1)},"profiles":[`
  let separator = ''
  for (const profile of profiles) {
    yield separator
    yield* profile.kind === 'cpu' ? cpuJson(profile, table, origin) : allocationJson(profile, table)
    separator = ',\n'
  }
  yield '],"shared":{"frames":['
  yield table.frames.map((frame) => JSON.stringify(speedscopeFrame(frame))).join(',\n')
  yield ']}}\n'
}

function* cpuJson(profile: CpuThreadProfile, table: Frames, origin: number): Generator<string> {
  const stacks = new Map<number, readonly number[]>()
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const add = (id: number, below: readonly number[]) => {
    const node = byId.get(id)
    if (!node || stacks.has(id)) return
    const stack = node === profile.nodes[0] ? below : [...below, table.indexOf(node.callFrame)]
    stacks.set(id, stack)
    for (const child of node.children ?? []) add(child, stack)
  }
  add(profile.nodes[0]?.id ?? 0, [])

  const sampled: Sampled[] = []
  const { nodeIds, durations } = timeline(profile)
  nodeIds.forEach((id, i) => {
    const stack = stacks.get(id) ?? []
    const last = sampled.at(-1)
    if (last?.stack === stack) last.weight += durations[i] ?? 0
    else sampled.push({ stack, weight: durations[i] ?? 0 })
  })
  const startValue = profile.startTime - origin
  yield* profileJson(profile.thread, 'microseconds', startValue, sampled)
}

function* allocationJson(profile: AllocationThreadProfile, table: Frames): Generator<string> {
  const sampled: Sampled[] = []
  const add = (node: AllocationNode, stack: readonly number[]) => {
    if (node.selfSize > 0) sampled.push({ stack, weight: node.selfSize })
    for (const child of node.children) add(child, [...stack, table.indexOf(child.callFrame)])
  }
  add(profile.head, [])
  yield* profileJson(`${profile.thread} (allocations)`, 'bytes', 0, sampled)
}

function* profileJson(name: string, unit: string, startValue: number, sampled: readonly Sampled[]): Generator<string> {
  const endValue = sampled.reduce((sum, { weight }) => sum + weight, startValue)
  yield `${JSON.stringify({ type: 'sampled', name, unit, startValue, endValue }).slice(0, -1)},"samples":[`
  yield* list(sampled, ({ stack }) => `[${stack.join(',')}]`)
  yield '],"weights":['
  yield* list(sampled, ({ weight }) => String(weight))
  yield ']}'
}

function* list(sampled: readonly Sampled[], text: (one: Sampled) => string): Generator<string> {
  for (let from = 0; from < sampled.length; from += samplesPerChunk) {
    const chunk = sampled.slice(from, from + samplesPerChunk).map(text)
    yield (from === 0 ? '' : ',') + chunk.join(',')
  }
}

/** Speedscope names functions by their place in one list. */
class Frames {
  readonly frames: Frame[] = []
  readonly #table: FrameTable
  readonly #indexes = new Map<Frame, number>()

  constructor(table: FrameTable) {
    this.#table = table
  }

  indexOf(callFrame: Parameters<FrameTable['frame']>[0]): number {
    const frame = this.#table.frame(callFrame)
    const index = this.#indexes.get(frame) ?? this.frames.push(frame) - 1
    this.#indexes.set(frame, index)
    return index
  }
}

function speedscopeFrame({ name, file, line, column }: Frame): object {
  return file === '' ? { name } : { name, file, line, col: column }
}
