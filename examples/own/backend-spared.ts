import type { Checker, Judgement } from 'busbar/stress'

const REACHED_MAX = 0.5

/** A checker of one's own: a pure function from evidence to a judgement. */
export default {
  name: 'backend-spared',
  question: 'Did most calls of each outage never reach the backend?',

  applies: ({ stages }) => stages.some(({ role }) => role === 'outage') || 'there was no outage',

  check({ stages, downstream }): Judgement {
    const outages = stages.flatMap(({ name, role, started }, index) => {
      const share = started === 0 ? 0 : (downstream.receivedByStage[index] ?? 0) / started
      return role === 'outage' ? [{ share, text: `${name}: ${Math.round(share * 100)} % of ${started} calls` }] : []
    })
    return {
      result: outages.every(({ share }) => share <= REACHED_MAX) ? 'valid' : 'invalid',
      summary: `reached the backend: ${outages.map(({ text }) => text).join('; ')}`,
    }
  },
} satisfies Checker
