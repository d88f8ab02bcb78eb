import { validateConfigText } from './validate-config-text.ts';

// The entry of a process of its own: checks the text that it is sent, answers, and ends.
process.once('message', (text: string) => {
  process.send?.(validateConfigText(text), () => process.disconnect());
});
