import { parentPort, workerData } from 'node:worker_threads'
import { type EstimatorHandle, endOf } from './estimating.js'

const { handle, cost, times } = workerData as { handle: EstimatorHandle; cost: number; times: number }
const estimator = endOf(handle)
for (let count = 0; count < times; count++) estimator.record('chat', cost, cost / 2)
parentPort?.postMessage('recorded')
