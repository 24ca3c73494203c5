import { parentPort, workerData } from 'node:worker_threads'
import { HttpServer } from '../src/downstream/http-server.js'
import type { ServerAnswer, ServerWorkerData } from '../src/downstream/server.js'
import { AtomicCells } from '../src/memory/atomic-cells.js'
import { Gate } from '../src/stress/gate.js'

/** The thread of the HTTP downstream: serves until it is told to close. */
const { plan, seed, buffer, gateCell, stageCount, receivedCell } = workerData as ServerWorkerData
const cells = new AtomicCells(buffer)

function answer(message: ServerAnswer): void {
  parentPort?.postMessage(message)
}

try {
  const server = await HttpServer.listen(plan, {
    situation: new Gate(cells, gateCell, stageCount),
    seed,
    // Before the gate opens there is no stage yet; after the last, all belongs to the drain.
    onReceived: (stage) => cells.add(receivedCell + Math.min(Math.max(stage, 0), stageCount), 1),
  })
  parentPort?.once('message', () => server.close())
  answer({ port: server.port })
} catch (error) {
  const { code = 'ERR_UNKNOWN', message } = error as NodeJS.ErrnoException
  answer({ code, message })
}
