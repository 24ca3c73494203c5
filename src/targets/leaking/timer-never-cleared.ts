import { leakingTarget } from '../../leaking-target.js'

const HOUR_MS = 3_600_000

class Deadline {
  expired = false
  constructor(readonly call: number) {}
}

export default leakingTarget({
  name: 'leaking/timer-never-cleared',
  description:
    'Sets a deadline of an hour for each call, and forgets to clear it when the call ends after milliseconds.',
  guilt: { className: 'Timeout', field: 'Timeout._onTimeout' },
  beside: () => (call) => {
    const deadline = new Deadline(call)
    setTimeout(() => {
      deadline.expired = true
    }, HOUR_MS).unref()
  },
})
