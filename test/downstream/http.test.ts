import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { openDownstream } from '../../src/downstream/open.js'
import { type DownstreamServer, startDownstreamServer } from '../../src/downstream/server.js'
import { type Downstream, DownstreamError } from '../../src/downstream.js'
import { EngineError } from '../../src/engine.js'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import type { Plan } from '../../src/plan.js'
import { Gate } from '../../src/stress/gate.js'
import { examplePlan } from './example-plan.js'

const always = { fromMs: 0, forMs: 86_400_000 }
const longGone = { fromMs: 80_000_000, forMs: 1 }

describe('the downstream over HTTP', () => {
  let run: Run | undefined

  afterEach(async () => {
    await run?.close()
    run = undefined
  })

  it('answers, and says how long it meant to take', async () => {
    run = await begin({ behaviour: { latency: { type: 'constant', ms: 2 } } })
    expect(await run.call()).to.deep.equal({ ending: 'answer', intendedMs: 2 })
  })

  it('fails with an error after its latency', async () => {
    run = await begin({ behaviour: { errorRate: 1, latency: { type: 'constant', ms: 1 } } })
    expect(await run.call()).to.deep.equal({ ending: 'error', intendedMs: 1 })
  })

  it('resets the connection at once', async () => {
    run = await begin({ behaviour: { resetRate: 1, latency: { type: 'constant', ms: 60_000 } } })
    expect(await run.call()).to.deep.equal({ ending: 'reset', intendedMs: 0 })
  })

  it('hangs until the client gives up', async () => {
    run = await begin({ behaviour: { hangRate: 1 }, timeoutMs: 30 })
    expect(await run.call()).to.deep.equal({ ending: 'timeout', intendedMs: 30 })
  })

  it('is given up when it answers too late', async () => {
    run = await begin({ behaviour: { latency: { type: 'constant', ms: 500 } }, timeoutMs: 30 })
    expect(await run.call()).to.deep.equal({ ending: 'timeout', intendedMs: 30 })
  })

  it('fails in an outage window of the fault script, and not outside of one', async () => {
    run = await begin({ downstream: { faults: [{ ...always, override: { errorRate: 1 } }] } })
    expect((await run.call()).ending).to.equal('error')
    await run.close()
    run = await begin({ downstream: { faults: [{ ...longGone, override: { errorRate: 1 } }] } })
    expect((await run.call()).ending).to.equal('answer')
  })

  it('follows the stages that the gate tells, and counts what it receives in each', async () => {
    run = await begin({})
    const endings = [(await run.call()).ending, (await run.call()).ending]
    run.gate.advance(0)
    endings.push((await run.call()).ending)
    run.gate.advance(1)
    endings.push((await run.call()).ending)
    expect(endings).to.deep.equal(['answer', 'answer', 'error', 'answer'])
    expect(run.received()).to.deep.equal([2, 1, 1])
  })

  it('keeps many calls apart', async () => {
    run = await begin({
      behaviour: { errorRate: 0.4, resetRate: 0.2, latency: { type: 'uniform', minMs: 0, maxMs: 5 } },
    })
    const { call } = run
    const ended = await Promise.all(Array.from({ length: 200 }, () => call()))
    const count = (ending: string) => ended.filter((each) => each.ending === ending).length
    expect(count('answer')).to.be.within(40, 120)
    expect(count('error')).to.be.within(40, 120)
    expect(count('reset')).to.be.within(10, 80)
    expect(count('answer') + count('error') + count('reset')).to.equal(200)
    expect(run.received().at(0)).to.equal(200)
  })

  it('ends what hangs when it closes, and leaves nothing that listens', async () => {
    run = await begin({ behaviour: { hangRate: 1 }, timeoutMs: 60_000 })
    const hanging = run.call()
    while (run.received().at(0) === 0) await new Promise(setImmediate)
    await run.server.close()
    expect((await hanging).ending).to.equal('reset')
    expect((await run.call()).ending).to.equal('reset')
    expect(run.received().at(0)).to.equal(1)
    expect(run.server.failure).to.equal(undefined)
    const port = Number(new URL(run.server.address).port)
    const next = await occupied(port)
    next.close()
  })

  it('can be closed twice', async () => {
    run = await begin({})
    await run.server.close()
    await run.server.close()
  })

  it('says in one line that its port is in use', async () => {
    const other = await occupied()
    const { port } = other.address() as AddressInfo
    const error = await begin({ downstream: { port } }).catch((reason) => reason)
    other.close()
    expect(error).to.be.instanceOf(EngineError)
    expect(error.code).to.equal('ERR_PORT_IN_USE')
    expect(error.message).to.include(String(port)).and.not.include('\n')
  })
})

describe('openDownstream', () => {
  const options = { situation: { stage: () => 0, measuredMs: () => 0 }, seed: 1 }

  it('refuses to block over HTTP', () => {
    const plan = examplePlan({ operation: 'blocking', downstream: { kind: 'http' } })
    expect(() => openDownstream(plan, { ...options, address: 'http://127.0.0.1:1' }))
      .to.throw(EngineError, /blocking/)
      .with.property('code', 'ERR_PLAN')
  })

  it('refuses HTTP without an address', () => {
    const plan = examplePlan({ downstream: { kind: 'http' } })
    expect(() => openDownstream(plan, options)).to.throw(EngineError, /address/)
  })
})

interface Run {
  readonly gate: Gate
  readonly server: DownstreamServer
  readonly call: () => Promise<{ ending: string; intendedMs: number }>
  received(): number[]
  close(): Promise<void>
}

/** A server in its thread, a gate that stands at the first stage, and one client. */
async function begin(changes: Parameters<typeof examplePlan>[0]): Promise<Run> {
  const plan: Plan = examplePlan({ ...changes, downstream: { kind: 'http', ...changes.downstream } })
  const stageCount = plan.stages.length
  const receivedCell = Gate.size(stageCount)
  const cells = AtomicCells.allocate(receivedCell + stageCount + 1)
  const gate = new Gate(cells, 0, stageCount)
  gate.initialize(0)
  gate.open()
  const server = await startDownstreamServer(plan, 1, { buffer: cells.buffer, gateCell: 0, stageCount, receivedCell })
  const client: Downstream = openDownstream(plan, { situation: gate, seed: 1, address: server.address })
  return {
    gate,
    server,
    async call() {
      const request = { intendedMs: -1 }
      const ending = await client.call(request).then(
        () => 'answer',
        (error) => {
          expect(error).to.be.instanceOf(DownstreamError)
          return error.failure as string
        },
      )
      return { ending, intendedMs: request.intendedMs }
    },
    received: () => Array.from({ length: stageCount + 1 }, (_, stage) => cells.load(receivedCell + stage)),
    async close() {
      await client.close()
      await server.close()
    },
  }
}

function occupied(port = 0): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
