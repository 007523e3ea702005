"""The words that students put beside a number, by what they mean, in the languages that are met. Roles, not spellings.

A role says what a quantity is (`sum`, `out`, `loss`, `delta`, `slope`, `gradient`), that it is the new one, where it
belongs (`hidden`, `outer`), or what part of a sheet begins (`forward`, `backward`, `check`).
"""

from __future__ import annotations

import re

_SAID = {
    "sum": "suma ważona|vážený součet|entrada neta|entrée nette|ingresso netto|entrada líquida|net girdi"
    "|net activation|netzeingabe|sum|net|netinput|net input|weighted sum|weighted input|summed input"
    "|input sum|net sum|pre activation|preactivation|before sigmoid|before activation"
    "|before the activation|nettoeingabe|netto|gewichtete summe|summe|somme pondérée|suma ponderada"
    "|somma pesata|soma ponderada|ağırlıklı toplam|加权和|净输入|加重和|総入力",
    "out": "uscite|saídas|wyjście|výstup|out|output|activation|activations|outputs|after sigmoid"
    "|after activation|prediction|predicted|aktivierung|aktivierungen|ausgabe|ausgaben|ausgang|sortie"
    "|sorties|activación|activaciones|salida|salidas|saída|uscita|attivazione|çıktı|çıkış|输出|激活值|出力"
    "|sigmoid|act|network output|y hat",
    "loss": "błąd|chyba|gesamtfehler|fehlerfunktion|hata değeri|loss|error|err|cost|squared error"
    "|half squared error|mean squared error|fehler|fehlerwert|verlust|kosten|erreur|perte|coût|pérdida"
    "|perdida|costo|errore|perdita|erro|perda|hata|kayıp|误差|损失|誤差|損失|mse|sse",
    "delta": "delta|deltas|error signal|error signals|error term|error terms|fehlersignal|fehlersignale"
    "|sensitivity",
    "slope": "slope|slopes|derivative|derivatives|ableitung|ableitungen|steigung|dérivée|dérivées|pente|derivada"
    "|derivadas|pendiente|derivata|türev|导数|導関数",
    "gradient": "gradient|gradients|grad|grads|gradienten|gradiente|gradientes|gradienti|gradyan|gradyanlar|梯度|勾配"
    "|partial derivative|partial derivatives|weight gradients|ableitungen nach den gewichten"
    "|dérivées partielles",
    "new": "upd|aktualisieren|aktualisierung der gewichte|actualizar|actualiser|new|newly|updated|update|updates"
    "|updating|neu|neue|neuen|neuer|neues|nouveau|nouveaux|nouvelle|nouvelles|nuevo|nueva|nuevos|nuevas"
    "|nuovo|nuova|nuovi|nuove|novo|nova|novos|novas|yeni|nieuw|nieuwe|新|新しい|更新|更新后|更新後|after update"
    "|after the update|after one step|after the step|after one update|mise à jour|aktualisiert|after step"
    "|aktualisierte|aktualisierung|actualizado|actualizados|actualización|aggiornato|aggiornamento"
    "|atualizado|güncellenmiş|after|after updating|nach dem update|nach der aktualisierung",
    "rerun": "with the new weights|with new weights|with updated weights|with the updated weights|in the check run"
    "|check run|checkrun|second pass|second forward pass|mit den neuen gewichten|mit neuen gewichten"
    "|con los pesos nuevos|avec les nouveaux poids|yeni ağırlıklarla|con i nuovi pesi|com os novos pesos"
    "|forward again|forward pass again|new forward pass|forward pass 2|second run|second forward run"
    "|new pass",
    "old": "old|alt|alte|alter|before|initial|ancien|ancienne|viejo|vieja|vecchio|antigo|eski|旧|start|given"
    "|current|vorher",
    "weight": "weight|weights|gewicht|gewichte|poids|peso|pesos|pesi|ağırlık|ağırlıklar|权重|重み|parameter|parameters",
    "bias": "bias|biases|偏置|バイアス|biais|sesgo",
    "total": "total|overall|tot|gesamt|totale|toplam|insgesamt|总|together",
    "hidden": "hidden|versteckt|versteckte|verstecktes|cachée|caché|oculta|oculto|nascosto|gizli|隐藏",
    "outer": "final|output activation"
    "|ausgabeschicht|output layer|output unit|output node|output neuron|ausgabeneuron|ausgangsneuron",
    "unit": "unità|unidade|unité|jednostka|neuronu|unit|units|node|nodes|neuron|neurons|neurone|neurones|neurona"
    "|neuronas|neurônio|einheit|knoten|unidad|nöron|神经元|ニューロン|no|nr|number|nœud|nodo",
    "layer": "layer|schicht|couche|capa|strato|camada|katman|层",
    "forward": "forward|vorwärts|vorwärtsrechnung|vorwärtsschritt|vorwärtspass|propagation avant|feedforward|前向传播|前向",
    "backward": "backward|backpropagation|backprop|rückwärts|rückwärtsrechnung|rétropropagation|retropropagación|反向传播"
    "|反向",
    "check": "check|kontrolle|probe|again|nochmal|control|vérification|comprobación|verifica|検算",
    "change": "change|changes|änderung|step size|delta w",
    "answer": "ans|answer|answers|result|results|value|values|ergebnis|wert|werte|antwort|lösung|solution|resultado"
    "|valor|valeur|résultat|risultato|sonuç|submitted|final answer|your answer|my answer|答案|值|結果",
    "name": "quantity|quantities|größe|grösse|groesse|symbol|line|variable|term|item|bezeichnung|magnitud|param"
    "|name|what|magnitude|grandezza",
    "working": "working|work|workings|rechnung|calculation|calculations|formula|formel|expression|derivation|how"
    "|rechenweg|berechnung|cálculo|calcul|computation|formule|fórmula|equation",
    "remark": "remark|remarks|comment|comments|note|notes|bemerkung|bemerkungen|kommentar|ok|task|question|section"
    "|part|step|steps|#",
    "source": "from|von|de|source|src",
    "target": "to|nach|dest|destination",
    "given": "target|input|inputs|learning rate|eta|lernrate|ziel|eingabe|eingaben",
    "": "do|da|dos|das|dello|della|dell|nel|red|réseau|rete|rede|ağ|netz|netzes|netzwerk|netzwerks|answer|the"
    "|an|of|for|at|on|by|are|what|its|compute|calculate|give|state|enter|find|so|network|function|der|die"
    "|den|vom|im|am|des|du|la|le|les|el|los|las|del|il|lo|o|and|und|et|hence|thus|therefore|then|also"
    "|finally|get|gets|next|now|first|with|respect|w.r.t|wrt|i|we|my|our|is|it|this|that|which|means|ist"
    "|sind|von|donc|alors|entonces|así|quindi|ok|okay|well|here|have|has|gives|yields|∴|value's|dem|einer"
    "|eine|ein|un|une|una|net's|in|to|own|real|one",
}
ROLES: dict[str, str] = {}
for _role, _words in _SAID.items():
    for _word in _words.split("|"):
        ROLES.setdefault(_word, _role)
LONGEST = max(word.count(" ") + 1 for word in ROLES)
_FAR_EAST = sorted((word for word in ROLES if re.search(r"[\u3040-\u9fff]", word)), key=len, reverse=True)
FAR_EAST = re.compile("|".join(map(re.escape, _FAR_EAST)))
_OTHER = (  # words that speak of another number than the answer
    "above almost als alte alten because below between book but checked could double earlier example"
    " except expected friend given guess half if instead kein key like mais maybe might minus mistake"
    " mistaken ne nearly neighbour never nicht no nor not oder old or over pas perhaps pero please plus"
    " previous previously should sinon solution squared statt than times twice under unless weil wenn"
    " when where while without would wrong wrongly"
    " tanh exp log ln relu sqrt sin cos square squares root inverse reciprocal negative absolute max min ratio"
    " difference product softmax quadrat wurzel kehrwert differenz carré racine cuadrado raíz quadrato radice"
)
OTHER = frozenset(_OTHER.split(" "))
