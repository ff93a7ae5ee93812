using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;

namespace Reminders.Email;

/// <summary>RSA by the machine's own library: BouncyCastle, which MimeKit signs with, takes ten times as long.</summary>
internal sealed class RsaSigner(RSA key) : ISigner
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string AlgorithmName => "SHA-256withRSA";

    public void Init(bool forSigning, ICipherParameters parameters) => throw new NotSupportedException("It has its key.");

    public void Update(byte input) => _hash.AppendData([input]);

    public void BlockUpdate(byte[] input, int inOff, int inLen) => _hash.AppendData(input, inOff, inLen);

    public void BlockUpdate(ReadOnlySpan<byte> input) => _hash.AppendData(input);

    public int GetMaxSignatureSize() => key.KeySize / 8;

    public byte[] GenerateSignature()
    {
        using (_hash)
        {
            // Of an RSA no two threads may make use at once.
            lock (key)
            {
                return key.SignHash(_hash.GetHashAndReset(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
        }
    }

    public bool VerifySignature(byte[] signature) => throw new NotSupportedException("It only signs.");

    public void Reset() => _hash.GetHashAndReset();
}
