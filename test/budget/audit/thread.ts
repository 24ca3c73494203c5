import { parentPort, workerData } from 'node:worker_threads'
import { AuditLog } from '../../../src/budget/audit/audit-log.js'
import { AuditMap } from '../../../src/budget/audit/audit-map.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { record } from './auditing.js'

const { buffer, capacity, thread, times } = workerData
const log = new AuditLog(new AtomicCells(buffer), new AuditMap(0, capacity))
const own = { thread, account: thread, operation: thread, rule: thread }
for (let amount = 1; amount <= times; amount++) log.write(record({ ...own, amount }))
parentPort?.postMessage('written')
