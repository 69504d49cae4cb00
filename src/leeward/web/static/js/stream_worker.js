// Holds one connection per `key` for all tabs of the browser: over HTTP/1.1 a host gets six, and a
// seventh tab with a stream of its own would never load.
import { StreamSource } from "./stream_source.js";

const FORGET_AFTER_MS = 180000; // a tab that crashed never says goodbye

const sources = new Map();
const tabs = new Map(); // port -> { key, listener, heard }

function leave(port) {
  const tab = tabs.get(port);
  if (!tab) return;
  tabs.delete(port);
  const source = sources.get(tab.key);
  source.leave(tab.listener);
  if (source.listeners.size === 0) sources.delete(tab.key);
}

function join(port, wish) {
  if (!sources.has(wish.key)) sources.set(wish.key, new StreamSource());
  const listener = (news) => port.postMessage(news);
  tabs.set(port, { key: wish.key, listener, heard: Date.now() });
  sources.get(wish.key).join(listener, wish);
}

function forgetLost() {
  const now = Date.now();
  for (const [port, tab] of tabs) if (now - tab.heard > FORGET_AFTER_MS) leave(port);
}

self.onconnect = (event) => {
  const [port] = event.ports;
  port.onmessage = ({ data }) => {
    if (data.leave) leave(port);
    else if (tabs.has(port)) tabs.get(port).heard = Date.now();
    else join(port, data.wish);
    forgetLost();
  };
};
