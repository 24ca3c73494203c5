import type { Reporter } from 'busbar/stress'

/** A reporter of one's own: a line for each run, for a log or a chat. */
export default {
  name: 'one-line',
  description: 'A line for each run.',
  extension: 'txt',

  render: (reports) =>
    reports
      .map(({ result, evidence: { plan, workers }, command }) => {
        const calls = workers.reduce((sum, { started }) => sum + started, 0)
        return `${result} ${plan.name ?? plan.scenario}: ${calls} calls; ${command}\n`
      })
      .join(''),
} satisfies Reporter
