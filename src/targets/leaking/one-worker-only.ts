import { leakingTarget } from '../../leaking-target.js'

class Ticket {
  constructor(
    readonly call: number,
    readonly worker: number,
  ) {}
}

class LeaderDuties {
  readonly tickets: Ticket[] = []
}

export default leakingTarget({
  name: 'leaking/one-worker-only',
  description: 'One worker of all, the first to come, keeps a ticket of each of its calls; the others do not.',
  guilt: { className: 'Ticket', field: 'LeaderDuties.tickets' },
  beside(worker) {
    const duties = new LeaderDuties()
    return (call) => {
      if (worker === 0) duties.tickets.push(new Ticket(call, worker))
    }
  },
})
