// Small words shared by the live pages.

export function ageWords(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min ago`;
}

// A decimal string as it came, without zeros that say nothing: 97.0 is 97, 36.50 is 36.5.
export function plain(text) {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}

export function setText(node, words) {
  if (node && node.textContent !== words) node.textContent = words;
}
