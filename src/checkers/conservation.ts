import type { Checker, Judgement } from '../checker.js'
import type { CircuitEvidence, Evidence, Outcomes, WorkerEvidence } from '../evidence.js'
import { number, plural } from '../reporting/figures.js'

const kinds = ['success', 'error', 'ignored', 'refused', 'stale'] as const

/** What was found: contradictions, what could not be seen, and what is worth saying although it is right. */
interface Findings {
  readonly wrong: string[]
  readonly unseen: string[]
  readonly said: string[]
}

const checker: Checker = {
  name: 'conservation',
  question:
    'Does each call end in exactly one of success, error, ignored, refused, stale, and does the breaker count the same?',

  check(evidence): Judgement {
    const started = sum(evidence.workers, (worker) => worker.started)
    if (started === 0) return { result: 'unknown', summary: 'no call was started, so there is nothing to count' }
    const findings: Findings = { wrong: [], unseen: [], said: [] }
    checkWorkers(evidence, findings)
    checkStages(evidence, findings)
    for (const circuit of evidence.circuits) checkCircuit(circuit, evidence.workers, findings)
    const { wrong, unseen, said } = findings
    const figures = figuresOf(evidence, started)
    if (wrong.length > 0) {
      return {
        result: 'invalid',
        summary: `${figures}; ${plural(wrong.length, 'contradiction')}`,
        details: [...wrong, ...unseen, ...said],
      }
    }
    if (unseen.length > 0) return { result: 'unknown', summary: figures, details: [...unseen, ...said] }
    return { result: 'valid', summary: figures, details: said }
  },
}

/** A call that a worker started ended there, unless the worker was killed with it, or the run was cut short. */
function checkWorkers({ workers, interrupted }: Evidence, { wrong, unseen, said }: Findings): void {
  for (const worker of workers) {
    const name = `worker ${worker.worker}`
    const ended = total(worker.outcomes)
    if (worker.started !== ended + worker.lost) {
      wrong.push(
        `${name}: ${number(worker.started)} started, but ${number(ended)} ended and ${number(worker.lost)} lost`,
      )
    }
    if (worker.end === 'failed') {
      unseen.push(
        `${name} failed${worker.error ? ` (${worker.error.message})` : ''}: what it had in flight is not known to be all`,
      )
    }
    if (worker.lost === 0) continue
    const lost = `${name}: ${plural(worker.lost, 'call')} in flight lost`
    if (worker.end === 'killed') said.push(`${lost} when it was killed`)
    else if (interrupted) said.push(`${lost} when the run was interrupted`)
    else if (worker.end === 'finished') wrong.push(`${lost}, though it finished`)
  }
}

/**
 * A call may end in a later stage than it started in, never in an earlier one: so the balance of started and ended,
 * carried from stage to stage, is never negative, and what is left after the last is what the workers lost.
 */
function checkStages({ stages, workers }: Evidence, { wrong }: Findings): void {
  let inFlight = 0
  for (const stage of stages) {
    inFlight += stage.started - total(stage.outcomes)
    if (inFlight < 0) {
      wrong.push(`stage ${stage.name}: ${plural(-inFlight, 'call')} more ended than had started by its end`)
      break
    }
  }
  const lost = sum(workers, (worker) => worker.lost)
  if (inFlight >= 0 && inFlight !== lost) {
    wrong.push(`the stages leave ${plural(inFlight, 'call')} without an end, the workers ${number(lost)}`)
  }
  for (const kind of kinds) {
    const byStages = sum(stages, (stage) => stage.outcomes[kind])
    const byWorkers = sum(workers, (worker) => worker.outcomes[kind])
    if (byStages !== byWorkers) wrong.push(`${kind}: stages ${number(byStages)}, workers ${number(byWorkers)}`)
  }
}

/** With zero tolerance, but for what killed workers had in flight: the breaker may have counted what they couldn't write down. */
function checkCircuit(circuit: CircuitEvidence, workers: readonly WorkerEvidence[], { wrong, said }: Findings): void {
  const { view, outcomes, process } = circuit
  if (!outcomes) return
  const counted = workers.filter((one) => one.process === process && (view === 'shared' || one.worker === view))
  const slack = sum(counted, (worker) => (worker.end === 'finished' ? 0 : worker.lost))
  const name = view === 'shared' ? 'breaker' : `breaker of worker ${view}`
  let apart = 0
  for (const kind of kinds) {
    const byWorkers = sum(counted, (worker) => worker.outcomes[kind])
    const difference = outcomes[kind] - byWorkers
    if (difference === 0) continue
    apart += Math.abs(difference)
    const line = `${kind}: ${name} ${number(outcomes[kind])}, workers ${number(byWorkers)} (${difference > 0 ? '+' : ''}${number(difference)})`
    if (apart <= slack) said.push(`${line}, within the ${plural(slack, 'call')} that dead workers had in flight`)
    else if (slack === 0) wrong.push(line)
    else wrong.push(`${line}, more than the ${plural(slack, 'call')} that dead workers had in flight`)
  }
}

function figuresOf({ workers, circuits }: Evidence, started: number): string {
  const parts = kinds.map((kind) => `${number(sum(workers, (worker) => worker.outcomes[kind]))} ${kind}`)
  const lost = sum(workers, (worker) => worker.lost)
  if (lost > 0) parts.push(`${number(lost)} lost`)
  const counting = circuits.some(({ outcomes }) => outcomes) ? '' : '; the breaker itself counts none'
  return `${number(started)} started = ${parts.join(' + ')}${counting}`
}

function total(outcomes: Outcomes): number {
  return sum(kinds, (kind) => outcomes[kind])
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((all, item) => all + value(item), 0)
}

export default checker
