import { expect } from 'chai'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { death, SteppedCells } from '../../breaker/registry/stepped-cells.js'

/** The mistake of report 38: permissions are a number, and whoever reports an ignored error adds one, of whatever life. */
class CountedPermissions {
  constructor(private left: number) {}

  take(): boolean {
    if (this.left === 0) return false
    this.left -= 1
    return true
  }

  ignored(): void {
    this.left += 1
  }
}

/** The mistake of report 39: what refuses is set before what may throw, and the way back after it. */
class OpenThenAsk {
  state = 'closed'
  refuses = false
  retryAtMs: number | undefined

  open(wait: () => number): void {
    this.refuses = true
    this.retryAtMs = wait()
    this.state = 'open'
  }

  admits(nowMs: number): boolean {
    if (this.refuses && this.retryAtMs !== undefined && nowMs >= this.retryAtMs) this.refuses = false
    return !this.refuses
  }
}

/** The mistake of report 40: a lock in shared memory, which a thread may die with. Gives up after so many looks. */
class LockedCounter {
  constructor(private readonly cells: AtomicCells) {}

  increment(looks: number): boolean {
    for (let look = 0; look < looks; look++) {
      if (this.cells.compareExchange(0, 0, 1) !== 0) continue
      this.cells.store(1, this.cells.load(1) + 1)
      this.cells.store(0, 0)
      return true
    }
    return false
  }
}

describe('field reports: models of mistakes', () => {
  it('field-report-38 permissions that are a number: 48 stale ignored errors let 50 calls through where 2 may go', () => {
    const permissions = new CountedPermissions(2)
    let admitted = 0
    for (let stale = 0; stale < 48; stale++) {
      if (permissions.take()) admitted += 1
      permissions.ignored()
    }
    while (permissions.take()) admitted += 1
    expect(admitted).to.equal(50)
  })

  it('field-report-39 a wait asked for in the midst of opening: it throws, and all is refused for ever by a circuit that says closed', () => {
    const circuit = new OpenThenAsk()
    expect(() =>
      circuit.open(() => {
        throw new Error('no idea')
      }),
    ).to.throw('no idea')
    expect(circuit.state).to.equal('closed')
    expect(circuit.admits(Number.MAX_VALUE)).to.equal(false)
  })

  it('field-report-40 a lock in shared memory: a thread that dies with it locks all others out', () => {
    const lockedOut = [0, 1, 2, 3].map((steps) => {
      const cells = AtomicCells.allocate(2)
      const dying = new SteppedCells(cells.buffer)
      dying.dieAfter(steps)
      expect(() => new LockedCounter(dying).increment(1)).to.throw(death)
      return !new LockedCounter(cells).increment(1000)
    })
    expect(lockedOut).to.deep.equal([false, true, true, true])
  })
})
