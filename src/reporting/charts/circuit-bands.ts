import type { CircuitEvidence } from '../../evidence.js'
import { plural } from '../figures.js'
import { type BandState, type ChartBand, type ChartSpan, seconds } from './chart.js'

const bandsMax = 16
/** Beyond so many spans a band keeps those alone that are wide enough to be seen. */
const spansMax = 1000

export interface Bands {
  readonly bands: readonly ChartBand[]
  /** What was left out, in sentences. */
  readonly notes: readonly string[]
}

/** The states of each view of the circuit, one band a view. */
export function circuitBands(circuits: readonly CircuitEvidence[], durationMs: number): Bands {
  const shown = circuits.slice(0, bandsMax).map((circuit) => {
    const spans = spansOf(circuit, durationMs)
    return {
      name: circuit.view === 'shared' ? 'circuit' : `#${circuit.view}`,
      spans,
      drawn: drawable(spans, durationMs),
    }
  })
  const left = circuits.length - shown.length
  const merged = shown.filter(({ spans, drawn }) => drawn.length < spans.length).length
  const lost = circuits.reduce((sum, circuit) => sum + circuit.lost, 0)
  return {
    bands: shown.map(({ name, drawn }) => ({ name, spans: drawn.map(inSeconds) })),
    notes: [
      ...(left > 0 ? [`${plural(left, 'more view')} of the circuit not drawn.`] : []),
      ...(merged > 0 ? ['States too short to be seen are drawn together as "changing".'] : []),
      ...(lost > 0 ? [`${plural(lost, 'transition')} could not be read, and so not drawn.`] : []),
    ],
  }
}

function inSeconds([fromMs, toMs, state]: Span): ChartSpan {
  return [seconds(fromMs), seconds(toMs), state]
}

type Span = readonly [fromMs: number, toMs: number, state: BandState]

function spansOf({ transitions, finalState }: CircuitEvidence, durationMs: number): Span[] {
  let from = 0
  let state = transitions[0]?.from ?? finalState
  const spans: Span[] = []
  for (const { to, atMs } of transitions) {
    // A transition from before the gate opened, or of the drain's last moment, is at the edge.
    const at = Math.min(durationMs, Math.max(0, atMs))
    spans.push([from, at, state])
    from = at
    state = to
  }
  return [...spans, [from, durationMs, state]]
}

/** Short spans in a row become one, until it is wide enough to be seen. */
function drawable(spans: readonly Span[], durationMs: number): readonly Span[] {
  if (spans.length <= spansMax) return spans
  const widthMin = durationMs / spansMax
  const kept: Span[] = []
  let growing: Span | undefined
  for (const span of spans) {
    const [from, to] = span
    if (to - from >= widthMin) {
      if (growing) kept.push(growing)
      growing = undefined
      kept.push(span)
    } else {
      growing = growing ? [growing[0], to, 'changing'] : span
      if (to - growing[0] >= widthMin) {
        kept.push(growing)
        growing = undefined
      }
    }
  }
  return growing ? [...kept, growing] : kept
}
