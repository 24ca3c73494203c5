import type { CircuitEvidence, ErrorRecord, Evidence, ThreadEvidence, WorkerEvidence } from '../evidence.js'
import { megabytes, number, percent, plural, span } from './figures.js'

/** At most so many of each are shown; the rest is counted. The JSON report has them all. */
const limits = { transitions: 12, views: 8, viewTransitions: 4, workers: 8, errors: 5, profiles: 4, notes: 10 }

/** What happened around the calls, as pairs of a label and its text; what has nothing to say is left out. */
export function circumstances(evidence: Evidence): [string, string][] {
  const pairs: [string, string][] = [
    ['circuit', circuits(evidence.circuits)],
    ['backend', backend(evidence)],
    ['memory', memory(evidence)],
    ['died', dead(evidence.workers)],
    ['errors', errors(evidence.lastErrors)],
    ['profiles', profiles(evidence)],
    ['pauses', pauses(evidence)],
    ['engine', engine(evidence)],
    ['notes', listed(evidence.notes, limits.notes, 'note').join('\n')],
  ]
  return pairs.filter(([, text]) => text !== '')
}

function circuits(views: readonly CircuitEvidence[]): string {
  const most = views.length > 1 ? limits.viewTransitions : limits.transitions
  const lines = views.map((circuit) => {
    const name = circuit.view === 'shared' ? '' : `#${circuit.view}: `
    return `${name}${path(circuit, most)}`
  })
  return listed(lines, limits.views, 'view').join('\n')
}

function path({ transitions, lost, finalState }: CircuitEvidence, most: number): string {
  const first = transitions[0]
  if (!first) return `${finalState} throughout${lost > 0 ? `, ${plural(lost, 'transition')} unread` : ''}`
  const steps = transitions.slice(0, most).map(({ to, atMs, by }) => {
    return `${to} at ${span(atMs)}${by === undefined ? '' : ` (#${by})`}`
  })
  const rest = transitions.length > most ? ` … ${number(transitions.length - most)} more, ended ${finalState}` : ''
  const unread = lost > 0 ? `; ${plural(lost, 'transition')} unread` : ''
  return `${[first.from, ...steps].join(' → ')}${rest}${unread}`
}

function backend({ downstream, stages }: Evidence): string {
  const byStage = stages.flatMap(({ name }, index) => {
    const received = downstream.receivedByStage[index] ?? 0
    return received > 0 ? [`${name} ${number(received)}`] : []
  })
  const http = `HTTP${downstream.address ? ` at ${downstream.address}` : ''}`
  const kind = { http, simulated: 'simulated', resources: 'the machine’s own resources' }[downstream.kind]
  const parts = byStage.length > 1 ? ` (${byStage.join(', ')})` : ''
  return `${plural(downstream.received, 'call')} reached it${parts}; ${kind}`
}

function memory({ memory }: Evidence): string {
  if (memory.samples.length === 0) return 'not sampled'
  const own = memory.growthMb - memory.threadsGrowthMb
  return (
    `${megabytes(memory.baselineMb)} with the pool warm, then at most ${megabytes(memory.growthMb)} more: ` +
    `${megabytes(memory.threadsGrowthMb)} the threads' own heaps, ${megabytes(own)} the rest`
  )
}

function dead(workers: readonly WorkerEvidence[]): string {
  const gone = workers.filter(({ end }) => end !== 'finished')
  const lines = gone.map(({ worker, end, lost, error }) => {
    return `#${worker} ${end}, ${plural(lost, 'call')} in flight lost${error ? `: ${error.message}` : ''}`
  })
  if (gone.length <= limits.workers) return lines.join('\n')
  const lost = gone.reduce((sum, worker) => sum + worker.lost, 0)
  return [
    `${plural(gone.length, 'worker')}, ${plural(lost, 'call')} in flight lost`,
    ...listed(lines, limits.workers, 'worker'),
  ].join('\n')
}

/** The last errors, the same ones together: most first. */
function errors(records: readonly ErrorRecord[]): string {
  const counts = new Map<string, number>()
  for (const { name, code, message } of records) {
    const line = `${code ?? name}: ${message.split('\n', 1)[0] ?? ''}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  const lines = [...counts].sort(([, a], [, b]) => b - a).map(([line, count]) => `${number(count)} × ${line}`)
  const shown = listed(lines, limits.errors, 'kind')
  return shown.length > 0 ? [`of the last ${number(records.length)}:`, ...shown].join('\n') : ''
}

/** A run of many threads has a file of each kind for each: all are in one folder, and what they share says which. */
function profiles({ profiles: files }: Evidence): string {
  if (files.length <= limits.profiles) return files.join('\n')
  const shared = sharedBeginning(files)
  return `${shared}*\n${plural(files.length, 'file')}`
}

function sharedBeginning([first = '', ...others]: readonly string[]): string {
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

function pauses({ pauses: all = [] }: Evidence): string {
  const longest = all.toSorted((a, b) => b.pauseMs - a.pauseMs)[0]
  if (!longest) return ''
  return (
    `${plural(all.length, 'thread')} stood still to be looked at, ${longest.thread} the longest: ${span(longest.pauseMs)}; ` +
    'no latency has it in it'
  )
}

/** What the engine itself cost and how late it was: by this its own figures are to be trusted, or not. */
function engine({ threads }: Evidence): string {
  const own = threads.find(({ thread }) => thread === 'coordinator')?.stages ?? []
  const delays = own.flatMap(({ delay }) => delay ?? [])
  if (delays.length === 0) return ''
  const sum = (stages: ThreadEvidence['stages']) => stages.reduce((all, { cpuMs }) => all + (cpuMs ?? 0), 0)
  const allMs = threads.reduce((all, { stages }) => all + sum(stages), 0)
  const share = allMs > 0 ? `${percent(sum(own) / allMs)} of the processor time of all threads, ` : ''
  return (
    `the coordinator took ${share}its timers up to ${span(Math.max(...delays.map(({ maxMs }) => maxMs)))} late, ` +
    `p99 ${span(Math.max(...delays.map(({ p99Ms }) => p99Ms)))} in the worst stage`
  )
}

function listed(lines: readonly string[], most: number, noun: string): string[] {
  if (lines.length <= most) return [...lines]
  return [...lines.slice(0, most), `… ${plural(lines.length - most, `more ${noun}`)}`]
}
