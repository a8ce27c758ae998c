/** Copy button, help, keys, and printing with everything unfolded. */
export const PAGE_KEYS = String.raw`
const copyButton = byId('copy-button');
copyButton.addEventListener('click', async () => {
  const text = byId('copy-text');
  try {
    await navigator.clipboard.writeText(text.textContent);
    byId('copy-state').textContent = 'Copied';
    copyButton.textContent = 'Copied';
    setTimeout(() => { copyButton.textContent = 'Copy'; }, 2000);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    copyButton.textContent = 'Selected: press Ctrl C';
  }
});
const help = byId('help');
byId('help-button').addEventListener('click', () => help.showModal());
byId('help-close').addEventListener('click', () => help.close());
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLInputElement && event.target.type === 'search';
  if (typing) {
    if (event.key === 'Escape') { filter.value = ''; filter.dispatchEvent(new Event('input')); filter.blur(); }
    return;
  }
  if (event.key === '/' && filter) { filter.focus(); event.preventDefault(); }
  if (event.key === '?') help.open ? help.close() : help.showModal();
});
const opened = [];
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details:not([open])')) { details.open = true; opened.push(details); }
});
addEventListener('afterprint', () => {
  for (const details of opened.splice(0)) details.open = false;
});
document.documentElement.dataset.rendered = 'yes';
`;
