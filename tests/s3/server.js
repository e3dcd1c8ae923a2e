// Serves one bucket by the S3 protocol on a free port of the loopback, says which, and ends with its standard input.
// usage: node server.js FOLDER BUCKET
'use strict';

const crypto = require('crypto');
const S3rver = require('s3rver');

// s3rver hides the place where a list goes on with DES, which today's OpenSSL no longer has; AES hides it as well.
const twice = bytes => Buffer.concat([bytes, bytes]);
for (const name of ['createCipheriv', 'createDecipheriv']) {
  const original = crypto[name];
  crypto[name] = (algorithm, key, iv) => (algorithm === 'des' ? original('aes-128-cbc', twice(key), twice(iv)) : original(algorithm, key, iv));
}

const [directory, bucket] = process.argv.slice(2);
const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: bucket }] });
server.run().then(({ port }) => console.log(port));
process.stdin.resume().on('end', () => process.exit());
