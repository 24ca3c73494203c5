import { answerParent } from '../src/stress/contained/case-process.js'

/** Entry point of the process of one case of exhaustion: it waits for its parent's word. */
answerParent()
