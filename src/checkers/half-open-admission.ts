import type { Checker, Judgement } from '../checker.js'
import type { CircuitEvidence, Evidence } from '../evidence.js'
import { shownName } from '../plug-in-path.js'
import { number, plural } from '../reporting/figures.js'

const checker: Checker = {
  name: 'half-open-admission',
  question: 'Did no half-open life of the circuit let more probes through than it may?',

  applies({ circuits, plan }) {
    if (circuits.length === 0) return 'the target has no circuit'
    if (circuits.every((circuit) => livesOf(circuit).size === 0 && !hasProbes(circuit))) {
      return 'the circuit was never half-open'
    }
    const tells = circuits.some(({ view, probes }) => view === 'shared' || probes !== undefined)
    return tells || `${shownName(plan.target)} can't tell its probes`
  },

  check(evidence): Judgement {
    const wrong = evidence.circuits.flatMap((circuit) => findings(circuit, evidence))
    const unseen = evidence.circuits.flatMap(unrecorded)
    const lives = evidence.circuits.reduce((sum, { transitions }) => sum + transitions.filter(toHalfOpen).length, 0)
    const permitted = evidence.plan.breaker.permittedNumberOfCallsInHalfOpenState
    const scope = `${plural(lives, 'half-open life').replace('lifes', 'lives')}, at most ${plural(permitted, 'probe')} each`
    if (wrong.length > 0) {
      return {
        result: 'invalid',
        summary: `${scope}: ${plural(wrong.length, 'contradiction')}`,
        details: [...wrong, ...unseen],
      }
    }
    if (unseen.length > 0) {
      return { result: 'unknown', summary: `${scope}, but not all probes were recorded`, details: unseen }
    }
    return { result: 'valid', summary: `${scope}; the most admitted and not given back: ${number(mostUsed(evidence))}` }
  },
}

function findings(circuit: CircuitEvidence, { plan }: Evidence): string[] {
  const permitted = plan.breaker.permittedNumberOfCallsInHalfOpenState
  const lives = livesOf(circuit)
  const found: string[] = []
  for (const [epoch, used] of usedOf(circuit)) {
    const count = lives.get(epoch)
    const where = `${circuit.view === 'shared' ? 'shared view' : `view of worker ${circuit.view}`}, epoch ${epoch}`
    if (count === undefined) {
      if (circuit.lost === 0) found.push(`${where}: probes were admitted, but the circuit was not half-open in it`)
    } else if (used.admitted - used.back > permitted * count) {
      const figures = `${number(used.admitted)} admitted − ${number(used.back)} given back`
      found.push(`${where}: ${figures} = ${number(used.admitted - used.back)} probes, permitted ${permitted * count}`)
    }
  }
  return found
}

/** What could not be seen: a view that doesn't say what it admitted, or whose half-open lives can't be told from its log. */
function unrecorded(circuit: CircuitEvidence): string[] {
  const name = circuit.view === 'shared' ? 'shared view' : `view of worker ${circuit.view}`
  const lives = livesOf(circuit).size
  if (lives > 0 && !hasProbes(circuit)) return [`${name}: no probes recorded, though it was half-open`]
  if (circuit.lost > 0) return [`${name}: ${plural(circuit.lost, 'transition')} could not be read`]
  return []
}

/** Probes by epoch, summed over the workers that admitted them. */
function usedOf({ probes = [] }: CircuitEvidence): Map<number, { admitted: number; back: number }> {
  const used = new Map<number, { admitted: number; back: number }>()
  for (const { epoch, admitted, returned, lost } of probes) {
    const sum = used.get(epoch) ?? { admitted: 0, back: 0 }
    used.set(epoch, { admitted: sum.admitted + admitted, back: sum.back + returned + lost })
  }
  return used
}

/** How many half-open lives bore each epoch number: one, unless the counter has wrapped in between. */
function livesOf({ transitions }: CircuitEvidence): Map<number, number> {
  const lives = new Map<number, number>()
  for (const { epoch } of transitions.filter(toHalfOpen)) lives.set(epoch, (lives.get(epoch) ?? 0) + 1)
  return lives
}

function mostUsed({ circuits }: Evidence): number {
  return Math.max(
    0,
    ...circuits.flatMap((circuit) => [...usedOf(circuit).values()].map((sum) => sum.admitted - sum.back)),
  )
}

function hasProbes({ probes = [] }: CircuitEvidence): boolean {
  return probes.length > 0
}

function toHalfOpen({ to }: CircuitEvidence['transitions'][number]): boolean {
  return to === 'half-open'
}

export default checker
