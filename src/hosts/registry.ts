// Every host, one line each: the name under which it is exported here is its name. ./hosts derives all else.
export { bic } from './bic';
export { icarl } from './icarl';
export { lucir } from './lucir';
export { lwf } from './lwf';
