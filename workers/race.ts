import { type RaceTask, runRaceTask } from '../src/race/task.js'

/** Entry point of a worker of `busbar race`: Piscina calls it once a task. */
export default function race(task: RaceTask): Promise<unknown> {
  return runRaceTask(task)
}
