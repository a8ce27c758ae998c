const COMMANDS = 'demo|doctor|record|replay|shadow|runs|diff|explain|report|bench|gate|canary|kill|claims|keys|simulate|sweep|signals|help|--help|--version';
const PLAIN = new RegExp(`(^|[\\s\`(])tandem (?=(?:${COMMANDS})(?![\\w-]))`, 'gm');

/** Names commands in the way in which this program was called: `npm run tandem -- replay` in a clone, `tandem replay` where it is installed. */
export const inCallersWords = (text: string, env: NodeJS.ProcessEnv): string => {
  const script = env['npm_lifecycle_event'];
  if (script === 'tandem' || script === 'demo' || script === 'claims') return text.replace(PLAIN, '$1npm run tandem -- ');
  return text.replaceAll('npm run tandem -- ', 'tandem ').replace(/npm run (demo|claims)(?: --)?(?![\w-])/g, 'tandem $1');
};
