import { type LoadAnswer, type LoadTask, runLoad } from '../src/stress/load/worker-run.js'

/** Entry point of a load worker: Piscina calls it once a task, and a task is one worker's part of one run. */
export default function load(task: LoadTask): Promise<LoadAnswer> {
  return runLoad(task)
}
