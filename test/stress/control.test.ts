import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { Pauses } from '../../src/profiler/pauses.js'
import { answerControl, ControlLine } from '../../src/stress/control.js'

describe('stress: the control plane', () => {
  let folder = ''
  let line: ControlLine
  let pauses: Pauses
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-control-'))
    const { port1, port2 } = new MessageChannel()
    pauses = new Pauses()
    answerControl(port2, pauses)
    line = new ControlLine(port1)
  })
  afterEach(async () => {
    line.hangUp()
    await rm(folder, { recursive: true })
  })

  it('collects a thread’s garbage and says how long that took', async () => {
    const pauseMs = await line.call((remote) => remote.collectGarbage())
    expect(pauseMs).to.be.above(0).and.to.equal(pauses.totalMs)
  })

  it('takes a heap snapshot and says where it is', async () => {
    // Of a thread of its own: in mocha's heap are all tests.
    const { port1, port2: control } = new MessageChannel()
    const module = new URL('./fixtures/answers-control.js', import.meta.url)
    const worker = new Worker(module, { workerData: { control }, transferList: [control] })
    const own = new ControlLine(port1)
    const file = join(folder, 'x.heapsnapshot')
    const taken = await own.call((remote) => remote.takeHeapSnapshot(file))
    own.hangUp()
    await worker.terminate()
    expect(taken.file).to.equal(file)
    expect(taken.pauseMs).to.be.above(0)
    expect(existsSync(file)).to.equal(true)
  })

  it('tells heap and resources', async () => {
    expect((await line.call((remote) => remote.heap())).usedBytes).to.be.above(0)
    expect((await line.call((remote) => remote.resources())).ports).to.be.above(0)
  })

  it('profiles CPU and allocations at once, each to a file of its own', async () => {
    const [cpu, allocation] = [join(folder, 'x.cpuprofile'), join(folder, 'x.heapprofile')]
    await line.call((remote) => remote.startProfile('cpu', 'inspector', 'x'))
    await line.call((remote) => remote.startProfile('allocation', 'inspector', 'x'))
    await line.call((remote) => remote.stopProfile('cpu', cpu))
    expect([existsSync(cpu), existsSync(allocation)]).to.deep.equal([true, false])
    await line.call((remote) => remote.stopProfile('allocation', allocation))
    expect(existsSync(allocation)).to.equal(true)
  })

  it('does nothing where a profile that does not run is to be stopped', async () => {
    await line.call((remote) => remote.stopProfile('cpu', join(folder, 'none')))
    expect(existsSync(join(folder, 'none'))).to.equal(false)
  })

  it('ends a call that takes longer than its limit', async () => {
    const silent = line.call(() => new Promise(() => {}), 5)
    expect(await silent.catch((error: unknown) => error)).to.include({ code: 'ERR_WORKER_SILENT' })
  })
})
