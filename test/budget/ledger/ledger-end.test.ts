import { expect } from 'chai'
import { claimSlot, releaseSlot, type SlotClaim } from '../../../src/breaker/threads/thread-slots.js'
import { LATE, LedgerEnd } from '../../../src/budget/ledger/ledger-end.js'
import { LedgerMap } from '../../../src/budget/ledger/ledger-map.js'
import { initializeAccount } from '../../../src/budget/ledger/ledger-region.js'
import { RecordShape } from '../../../src/budget/ledger/record.js'
import { PrivateCells } from '../../../src/memory/private-cells.js'

class Death extends Error {}

/** Memory whose user dies before an operation that changes it: the one of that number. */
class MortalCells extends PrivateCells {
  left = Number.POSITIVE_INFINITY

  override exchange(index: number, value: number): number {
    this.#die()
    return super.exchange(index, value)
  }

  override compareExchange(index: number, expected: number, replacement: number): number {
    this.#die()
    return super.compareExchange(index, expected, replacement)
  }

  #die(): void {
    if (this.left-- <= 0) throw new Death()
  }
}

const shape = new RecordShape([
  {
    period: { buckets: 1, indexAt: () => 0, startOf: () => 0, endOf: () => Number.POSITIVE_INFINITY },
    blocking: true,
    limit: 100,
    opening: 100,
  },
])
const map = new LedgerMap({ slots: 4, accounts: 1, reservations: 4, amounts: shape.amounts })

/** A ledger that threads attach to by name, on one piece of memory. */
function ledger() {
  const cells = new MortalCells(map.size)
  initializeAccount(cells, map, 0, shape.initial(0))
  const clock = { nowMs: () => 1000 }
  const end = (slot: number) =>
    new LedgerEnd(cells, map, shape, { reservationMs: 100, chargeExpired: false }, slot, clock)
  const attach = (threadId: number): { claim: SlotClaim; end: LedgerEnd } => {
    const claim = claimSlot(cells, map, threadId)
    return { claim, end: end(claim.slot) }
  }
  const figures = (by: LedgerEnd) => {
    const values = by.read(0)
    return { committed: shape.committed(values, 0), covered: shape.covered(values, 0) }
  }
  return { cells, attach, figures }
}

function dies(action: () => unknown): boolean {
  try {
    action()
  } catch (error) {
    if (error instanceof Death) return true
    throw error
  }
  return false
}

describe('a thread’s end of a ledger', () => {
  it('may end before any change of the memory, and another finishes for it, once or again', () => {
    let deaths = 0
    for (let at = 0; ; at++) {
      const { cells, attach, figures } = ledger()
      const [dead, alive] = [attach(1), attach(2)]
      cells.left = at
      const died = dies(() => dead.end.settle(dead.end.reserve(0, 60), 40))
      cells.left = Number.POSITIVE_INFINITY
      if (!died) break
      deaths += 1
      alive.end.finish(dead.claim)
      const after = figures(alive.end)
      alive.end.finish(dead.claim)
      expect(figures(alive.end)).to.deep.equal(after)
      // Reserved and forgotten, or settled, or never begun: nothing in between.
      expect([
        [60, 0],
        [40, 40],
        [0, 0],
      ]).to.deep.include([after.committed, after.covered])
    }
    expect(deaths).to.be.above(8)
  })

  it('does not finish for a thread whose slot is another’s by now', () => {
    const { cells, attach, figures } = ledger()
    const [first, witness] = [attach(1), attach(2)]
    releaseSlot(cells, map, first.claim, () => undefined)
    const second = attach(3)
    expect(second.claim.slot).to.equal(first.claim.slot)
    // It stands still in the middle of a reservation, and goes on to live.
    const id = second.end.reserve(0, 60)
    cells.left = 2
    expect(dies(() => second.end.settle(id, 10))).to.equal(true)
    cells.left = Number.POSITIVE_INFINITY
    const before = figures(witness.end)
    witness.end.finish(first.claim)
    expect(figures(witness.end)).to.deep.equal(before)
    witness.end.finish(second.claim)
    expect(figures(witness.end)).to.deep.equal({ committed: 10, covered: 10 })
  })

  it('refuses nobody by what it remembers', () => {
    const { attach } = ledger()
    const [one, other] = [attach(1), attach(2)]
    const id = one.end.reserve(0, 100)
    expect(other.end.settle(id, 0)).to.equal(0)
    // What it published last had no room.
    expect(one.end.reserve(0, 100)).to.be.above(0)
  })

  it('knows, when a slot is held again, which of its reservations are free', () => {
    const { cells, attach } = ledger()
    const first = attach(1)
    const held = [10, 20, 30].map((amount) => first.end.reserve(0, amount))
    first.end.settle(held[1] as number, 5)
    releaseSlot(cells, map, first.claim, () => undefined)
    const second = attach(2)
    const more = [second.end.reserve(0, 1), second.end.reserve(0, 2)]
    expect(more).to.not.include(0)
    expect(second.end.reserve(0, 3)).to.equal(0)
    expect(second.end.settle(held[0] as number, 10)).to.equal(0)
    expect(second.end.settle(held[1] as number, 10)).to.equal(LATE)
    expect(second.end.reserve(0, 3)).to.be.above(0)
  })
})
