import { parentPort } from 'node:worker_threads'
import type { TaskMessage } from '../src/exhaustion/tasks.js'

const NUMBERS = 1000

/** A thread for tasks: each allocates and answers, or allocates until the thread's heap is full and dies of it. */
parentPort?.on('message', ({ id, isHungry }: TaskMessage) => {
  const kept = [new Array<number>(NUMBERS).fill(0.5)]
  while (isHungry) kept.push(new Array<number>(NUMBERS).fill(0.5))
  parentPort?.postMessage(id)
})
