// @bpmn-io/feelin under Node: the protocol of feel_python.py. Arguments: the module's path, the cases.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { evaluate } = await import(pathToFileURL(process.argv[2]));
const cases = JSON.parse(process.argv[3]);

createInterface({ input: process.stdin }).on('line', (line) => {
  let values;
  for (let round = 0; round < Number(line); round++) {
    values = cases.map(([text]) => evaluate(text, { x: 3 }).value);
  }
  console.log(values.filter((value, index) => JSON.stringify(value) === JSON.stringify(cases[index][1])).length);
});
