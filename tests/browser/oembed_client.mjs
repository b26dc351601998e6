// Asks a client of oEmbed that others wrote for an address, of which it knows nothing: node oembed_client.mjs ADDRESS
import { extract } from "@extractus/oembed-extractor";

console.log(JSON.stringify(await extract(process.argv[2], { maxwidth: 480 })));
