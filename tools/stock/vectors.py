"""Arrays that stock is made of: meanings and pictures.

Knows nothing about what they are of.
"""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(n, d) rows of unit length: their dot product is their cosine."""
Vector = NDArray[np.float32]
"""(d,) of unit length."""
Pixels = NDArray[np.uint8]
"""(height, width, 3), RGB."""
