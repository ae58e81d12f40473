"""A page that plays a growing playlist: by the browser itself where it can, else piece by piece.

Knows nothing about films but a title; it needs no other page, script or font.
"""

from html import escape

_STYLE = """
:root{color-scheme:dark;--ink:#f1efe9;--soft:#a5a199;--ground:#11110f;--line:#34322d}
*{box-sizing:border-box}body{margin:0;min-height:100vh;background:var(--ground);color:var(--ink);
font:16px/1.5 Inter,system-ui,sans-serif;display:grid;place-items:center}
main{padding:24px 16px;width:100%;max-width:1100px;display:grid;gap:14px;justify-items:center}
h1{font-size:20px;line-height:1.25;margin:0;letter-spacing:-.01em;text-align:center;overflow-wrap:anywhere}
video{max-width:100%;max-height:76vh;background:#000;border-radius:12px;outline:1px solid var(--line)}
p{margin:0;color:var(--soft);font-size:14px;text-align:center;max-width:60ch}a{color:inherit}
"""
_SCRIPT = """
const video=document.querySelector('video'),told=document.querySelector('#state'),list=video.dataset.list;
const say=text=>{told.textContent=text};
async function bytes(name){const r=await fetch(name,{cache:'no-store'});if(!r.ok)throw Error(name);
return new Uint8Array(await r.arrayBuffer())}
function codecs(init){const text=Array.from(init,b=>String.fromCharCode(b)).join(''),at=text.indexOf('avcC');
const hex=n=>init[at+n].toString(16).padStart(2,'0');
return 'avc1.'+hex(5)+hex(6)+hex(7)+(text.includes('mp4a')?',mp4a.40.2':'')}
async function pieces(){
const source=new MediaSource();video.src=URL.createObjectURL(source);
await new Promise(go=>source.addEventListener('sourceopen',go,{once:true}));
let buffer=null,done=0,last='',end=false;
const pause=ms=>new Promise(go=>setTimeout(go,ms));
const after=start=>new Promise((go,no)=>{buffer.addEventListener('updateend',go,{once:true});
buffer.addEventListener('error',no,{once:true});start()});
const add=data=>after(()=>buffer.appendBuffer(data));
async function room(){ /* A browser keeps some 150 MB: what is played goes, what is far ahead waits. */
while(buffer.buffered.length&&buffer.buffered.end(buffer.buffered.length-1)-video.currentTime>10)await pause(500);
if(video.currentTime>8)await after(()=>buffer.remove(0,video.currentTime-4))}
while(!end){
const text=new TextDecoder().decode(await bytes(list));let init='',files=[],ready=0;
for(const line of text.split('\\n')){const map=line.match(/^#EXT-X-MAP:URI="([^"]+)"/);
const lasts=line.match(/^#EXTINF:([0-9.]+)/);
if(map)init=map[1];else if(lasts)ready+=+lasts[1];else if(line&&line[0]!='#')files.push([init,line])}
end=text.includes('#EXT-X-ENDLIST');
say(end?'All '+ready.toFixed(1)+' seconds are here.':ready.toFixed(1)+' seconds so far; more as shots finish.');
for(const [head,file] of files.slice(done)){
if(head!=last){const data=await bytes(head);
if(!buffer)buffer=source.addSourceBuffer('video/mp4; codecs="'+codecs(data)+'"');await add(data);last=head}
await room();await add(await bytes(file));done+=1}
if(!end)await pause(2000)}
source.endOfStream()}
if(video.canPlayType('application/vnd.apple.mpegurl'))video.src=list;
else if(window.MediaSource&&location.protocol!='file:')pieces().catch(e=>say('The preview cannot be played here: '+e));
else say('This browser plays the preview only from a server. A media player opens index.m3u8 as it is.');
"""


def page(title: str, language: str, playlist: str) -> str:
    """The page: a player for the playlist beside it, and a link for media players."""
    name = escape(playlist, quote=True)
    return (
        f"{_head(title, language)}"
        f"<video controls playsinline preload=auto data-list='{name}' aria-label='Preview of the film'></video>"
        "<p id=state role=status>Picture and voice as the shots finish, without captions, music and dissolves.</p>"
        f"<p><a href='{name}'>{name}</a> opens in Safari and in media players.</p>"
        f"</main><script>{_SCRIPT}</script></html>"
    )


def finished(title: str, language: str, film: str) -> str:
    """The page once the film itself is there."""
    name = escape(film, quote=True)
    return (
        f"{_head(title, language)}<video controls playsinline src='{name}' aria-label='The film'></video>"
        f"<p>The film is finished: <a href='{name}'>{name}</a></p></main></html>"
    )


def _head(title: str, language: str) -> str:
    return (
        f"<!doctype html><html lang='{escape(language or 'en', quote=True)}'><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{escape(title)}: preview</title><style>{_STYLE}</style><main><h1>{escape(title)}</h1>"
    )
