// A process that locks the folder it is given, says so, and waits until it is killed.
import { acquireRunLock } from '../../../src/store/runLock';

void acquireRunLock(process.argv[2] ?? '').then(() => {
  process.stdout.write('locked\n');
  setInterval(() => {}, 1000);
});
