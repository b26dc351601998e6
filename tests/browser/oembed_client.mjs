// Asks a client of oEmbed that others wrote for an address: node oembed_client.mjs SITE ADDRESS
import { extract, setProviderList } from "@extractus/oembed-extractor";

const [site, address] = process.argv.slice(2);
setProviderList([{ provider_name: "PEEL history", provider_url: site, endpoints: [{ schemes: [`${site}/*`], url: `${site}/oembed/` }] }]);
console.log(JSON.stringify(await extract(address, { maxwidth: 480 })));
