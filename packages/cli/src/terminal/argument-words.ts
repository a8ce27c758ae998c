/** What oclif says about arguments, in one line: its own advice and the layout over several lines are left out. */
export const argumentWords = (message: string): string => {
  const lines = message.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('See more help'));
  return lines.slice(0, 4).join(' ').slice(0, 400) || 'these arguments are not understood';
};
